SELECT op_no, reason, again FROM review ORDER BY 1
