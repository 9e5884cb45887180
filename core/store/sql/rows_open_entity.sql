SELECT kind, key, place, tail, op_no FROM open_entity ORDER BY 1, 2, 3
