INSERT INTO dictionary (kind, key) VALUES (?1, ?2)
