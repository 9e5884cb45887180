SELECT id FROM item WHERE known = 1 AND plu <> '' AND plu = ?1 ORDER BY archived, item_no LIMIT 1
