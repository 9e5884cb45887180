SELECT body FROM op WHERE op_no = ?1
