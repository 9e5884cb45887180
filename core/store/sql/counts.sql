SELECT (SELECT coalesce(max(op_no), 0) FROM op), (SELECT count(*) FROM sale), (SELECT count(*) FROM item WHERE known = 1), (SELECT count(*) FROM review)
