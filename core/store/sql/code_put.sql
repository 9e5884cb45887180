INSERT OR IGNORE INTO code (code, item_no) VALUES (?1, ?2)
