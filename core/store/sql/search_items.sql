SELECT item_no, known = 1 AND archived = 0, name, sku FROM item WHERE item_no > ?1 ORDER BY item_no LIMIT ?2
