SELECT item_no, id, known, archived, sold_out, slot, sku, name, category, page, colour, emoji, icon, extras, price, trade, codes, writes, rest, plu FROM item ORDER BY id
