SELECT op_no, stream_no, header, body FROM op ORDER BY op_no
