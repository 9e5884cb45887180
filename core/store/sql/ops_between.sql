SELECT op_no, stream_no, header, body FROM op WHERE op_no BETWEEN ?1 AND ?2 ORDER BY op_no
