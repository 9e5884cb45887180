WITH newest AS (SELECT day, at_ms FROM sale ORDER BY at_ms DESC, id DESC LIMIT 1)
SELECT sale.day, sale.currency, count(*), sum(sale.total_minor)
FROM newest JOIN sale ON sale.at_ms > newest.at_ms - 172800000 AND sale.day = newest.day
GROUP BY sale.day, sale.currency ORDER BY sale.currency
