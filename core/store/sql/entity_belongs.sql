INSERT OR IGNORE INTO open_entity (kind, key, op_no, tail, place) VALUES (?1, ?2, ?3, ?4, ?5)
