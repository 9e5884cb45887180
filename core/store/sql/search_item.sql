SELECT name, sku FROM item WHERE item_no = ?1 AND known = 1 AND archived = 0
