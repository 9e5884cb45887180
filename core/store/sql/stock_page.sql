SELECT stock.stock_key & 4294967295, stock.steps, stock.sold, item.id, item.name, item.trade, item.sku, item.sold_out
FROM stock JOIN item ON item.item_no = stock.stock_key & 4294967295
WHERE stock.stock_key > ?1 AND stock.stock_key < ?2 ORDER BY stock.stock_key LIMIT ?3
