INSERT INTO op (op_no, stream_no, seq, height, presence, signature, header, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
