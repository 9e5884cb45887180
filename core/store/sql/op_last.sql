SELECT coalesce(max(op_no), 0) FROM op
