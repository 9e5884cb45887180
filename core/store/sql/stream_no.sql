SELECT stream_no FROM stream WHERE id = ?1
