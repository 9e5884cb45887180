SELECT item_no, id, known, archived, sold_out, slot, sku, name, category, page, colour, emoji, icon, extras, price, trade, codes, writes, rest FROM item
WHERE known = 1 AND archived = 0 AND (name COLLATE NOCASE, item_no) > (?1 COLLATE NOCASE, ?2)
ORDER BY name COLLATE NOCASE, item_no LIMIT ?3
