SELECT value FROM register WHERE kind = ?1 ORDER BY id LIMIT ?2
