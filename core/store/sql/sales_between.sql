SELECT sale.id, op.body FROM sale JOIN op USING (op_no)
WHERE sale.at_ms >= ?1 AND sale.at_ms < ?2 ORDER BY sale.at_ms, sale.id
