SELECT header FROM op WHERE stream_no = ?1 ORDER BY seq DESC LIMIT 1
