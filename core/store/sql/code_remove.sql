DELETE FROM code WHERE code = ?1 AND item_no = ?2
