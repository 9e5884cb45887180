SELECT id, cash_box, opened_ms, closed_ms, z_number, opened_op, closed_op FROM shift ORDER BY 1
