SELECT header FROM op WHERE stream_no = ?1 AND seq = ?2
