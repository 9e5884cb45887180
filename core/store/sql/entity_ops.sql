SELECT op_no, place FROM open_entity WHERE kind = ?1 AND key = ?2
