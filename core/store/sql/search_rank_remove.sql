DELETE FROM ranked_@ WHERE rank = ?1
