SELECT item.id, item.item_no FROM code JOIN item USING (item_no) WHERE code.code = ?1 ORDER BY code.item_no LIMIT ?2
