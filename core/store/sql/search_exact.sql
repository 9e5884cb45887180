SELECT item.item_no FROM code CROSS JOIN item ON item.item_no = code.item_no
WHERE code.code = ?1 AND item.known = 1 AND item.archived = 0
UNION
SELECT item_no FROM item WHERE known = 1 AND archived = 0 AND sku = ?1
ORDER BY 1 LIMIT ?2
