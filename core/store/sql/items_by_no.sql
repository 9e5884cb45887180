SELECT item_no, id, known, archived, sold_out, slot, sku, name, category, page, colour, emoji, icon, extras, price, trade, codes, writes, rest FROM item
WHERE known = 1 AND item_no > ?1 ORDER BY item_no LIMIT ?2
