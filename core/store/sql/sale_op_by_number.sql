SELECT op_no, id FROM sale WHERE series_no = ?1 AND number = ?2 ORDER BY at_ms, id LIMIT 1
