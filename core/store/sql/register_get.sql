SELECT value FROM register WHERE kind = ?1 AND id = ?2
