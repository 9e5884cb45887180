SELECT coalesce(max(op_no), 0), count(*) FROM op
