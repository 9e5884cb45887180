INSERT INTO search_@ (rowid, words) VALUES (?1, ?2)
