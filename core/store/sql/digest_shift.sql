SELECT id, cash_box, opened_ms, opened_op IS NULL, closed_ms, z_number FROM shift
