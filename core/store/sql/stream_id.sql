SELECT id FROM stream WHERE stream_no = ?1
