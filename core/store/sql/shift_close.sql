INSERT INTO shift (shift_no, id, cash_box, opened_ms, closed_ms, closed_op, z_number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (shift_no) DO UPDATE SET closed_ms = excluded.closed_ms, closed_op = excluded.closed_op, z_number = excluded.z_number
