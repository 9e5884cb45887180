SELECT DISTINCT page FROM item WHERE page <> '' AND page > ?1 ORDER BY page LIMIT ?2
