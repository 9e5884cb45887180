INSERT INTO search_@ (search_@, rank) VALUES ('merge', ?1)
