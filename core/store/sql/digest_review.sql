SELECT stream.id, op.seq, review.reason FROM review JOIN op USING (op_no) JOIN stream USING (stream_no)
