SELECT 1 FROM review JOIN op USING (op_no) WHERE op.stream_no = ?1 AND op.seq = ?2 AND review.again = 1
