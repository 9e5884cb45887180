SELECT rank, item_no FROM ranked_@ WHERE rank > ?1 ORDER BY rank LIMIT ?2
