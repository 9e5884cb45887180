SELECT op.op_no, op.stream_no, op.header, op.body FROM review JOIN op USING (op_no) WHERE review.again = 1 ORDER BY op.op_no
