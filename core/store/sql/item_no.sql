SELECT item_no FROM item WHERE id = ?1
