SELECT shift_no, id, cash_box, opened_ms, closed_ms, z_number, closed_op FROM shift WHERE shift_no = ?1
