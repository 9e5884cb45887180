INSERT INTO review (op_no, reason) VALUES (?1, ?2)
