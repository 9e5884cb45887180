INSERT OR IGNORE INTO closed (kind, key) VALUES (?1, ?2)
