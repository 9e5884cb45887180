SELECT rank FROM ranked_@ WHERE item_no = ?1 LIMIT 1
