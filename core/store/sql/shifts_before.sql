SELECT shift_no, id, cash_box, opened_ms, closed_ms, z_number, closed_op FROM shift
WHERE (opened_ms, shift_no) < (?1, ?2) ORDER BY opened_ms DESC, shift_no DESC LIMIT ?3
