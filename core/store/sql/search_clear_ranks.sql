DELETE FROM ranked_@ WHERE rank IN (SELECT rank FROM ranked_@ LIMIT ?1)
