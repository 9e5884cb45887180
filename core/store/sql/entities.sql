SELECT op_no, tail, place FROM open_entity
