DELETE FROM review WHERE op_no = ?1
