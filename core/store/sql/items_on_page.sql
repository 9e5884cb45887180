SELECT item_no, id, known, archived, sold_out, slot, sku, name, category, page, colour, emoji, icon, extras, price, trade, codes, writes, rest FROM item
WHERE known = 1 AND archived = 0 AND page <> '' AND page = ?1 AND (slot, item_no) > (?2, ?3)
ORDER BY slot, item_no LIMIT ?4
