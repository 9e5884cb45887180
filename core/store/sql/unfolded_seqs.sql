SELECT op.stream_no, MIN(op.seq) FROM unfolded JOIN op ON op.op_no BETWEEN unfolded.first AND unfolded.last
GROUP BY op.stream_no
