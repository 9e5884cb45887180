SELECT seq, header, body, signature FROM op WHERE stream_no = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3
