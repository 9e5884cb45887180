UPDATE open_entity SET op_no = ?3, place = ?4 WHERE kind = ?1 AND key = ?2 AND place < ?4
