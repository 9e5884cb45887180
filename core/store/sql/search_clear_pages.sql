DELETE FROM search_@_data WHERE id IN (SELECT id FROM search_@_data WHERE id > 10 LIMIT ?1)
