INSERT INTO review (op_no, reason, again) VALUES (?1, ?2, ?3)
