INSERT INTO stream (stream_no, id, organisation, device, incarnation, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
