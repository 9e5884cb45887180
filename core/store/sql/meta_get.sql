SELECT value FROM local_meta WHERE key = ?1
