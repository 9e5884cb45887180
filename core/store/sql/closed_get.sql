SELECT 1 FROM closed WHERE kind = ?1 AND key = ?2
