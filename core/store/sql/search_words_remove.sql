INSERT INTO search_@ (search_@, rowid, words) VALUES ('delete', ?1, ?2)
