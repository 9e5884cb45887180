SELECT op_no, height, seq FROM op WHERE stream_no = ?1 AND seq >= ?2 ORDER BY seq
