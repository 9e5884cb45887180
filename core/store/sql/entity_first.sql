INSERT INTO open_entity (kind, key, op_no, tail, place) SELECT ?1, ?2, ?3, 0, ?4
WHERE NOT EXISTS (SELECT 1 FROM open_entity WHERE kind = ?1 AND key = ?2)
