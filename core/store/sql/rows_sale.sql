SELECT sale.at_ms, sale.id, series.key, sale.number, sale.day, sale.kind, sale.currency, sale.total_minor, sale.tax_minor,
location.key, cash_box.key, shift.key, sale.op_no FROM sale
JOIN dictionary series ON series.no = sale.series_no
JOIN dictionary location ON location.no = sale.location_no
JOIN dictionary cash_box ON cash_box.no = sale.cash_box_no
JOIN dictionary shift ON shift.no = sale.shift_no
ORDER BY 1, 2
