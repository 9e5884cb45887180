SELECT review.op_no, op.stream_no, op.seq, review.reason FROM review JOIN op USING (op_no) WHERE review.op_no > ?1 ORDER BY review.op_no LIMIT ?2
