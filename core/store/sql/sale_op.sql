SELECT op_no FROM sale WHERE id = ?1 ORDER BY at_ms LIMIT 1
