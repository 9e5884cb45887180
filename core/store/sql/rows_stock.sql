SELECT dictionary.key, item.id, stock.steps, stock.sold FROM stock
JOIN dictionary ON dictionary.no = stock.stock_key >> 32
JOIN item ON item.item_no = stock.stock_key & 0xffffffff
ORDER BY 1, 2
