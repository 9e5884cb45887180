INSERT INTO shift (shift_no, id, cash_box, opened_ms, opened_op) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (shift_no) DO UPDATE SET opened_ms = excluded.opened_ms, opened_op = excluded.opened_op
