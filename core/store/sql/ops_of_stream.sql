SELECT seq, height, signature, header, body FROM op WHERE stream_no = ?1 ORDER BY seq
