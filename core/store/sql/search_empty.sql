INSERT INTO search_@ (search_@) VALUES ('delete-all')
