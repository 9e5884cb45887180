SELECT sale.at_ms, sale.id, series.key, sale.number, sale.day, sale.kind, sale.currency, sale.total_minor, sale.tax_minor
FROM sale JOIN dictionary AS series ON series.no = sale.series_no
WHERE (sale.at_ms, sale.id) < (?1, ?2) ORDER BY sale.at_ms DESC, sale.id DESC LIMIT ?3
