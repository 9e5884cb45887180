SELECT ifnull(max(rank), 0) FROM ranked_@
