SELECT id FROM item WHERE known = 1 AND sku = ?1 ORDER BY archived, item_no LIMIT 1
