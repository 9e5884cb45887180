SELECT COUNT(*) FROM op WHERE stream_no = ?1 AND seq > ?2 AND seq <= ?3
AND NOT EXISTS (SELECT 1 FROM review WHERE review.op_no = op.op_no)
