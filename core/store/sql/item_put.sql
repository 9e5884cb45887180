INSERT INTO item (item_no, id, known, archived, sold_out, slot, sku, name, category, page, colour, emoji, icon, plu, extras, price, trade, codes, writes, rest)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
ON CONFLICT (item_no) DO UPDATE SET known = excluded.known, archived = excluded.archived, sold_out = excluded.sold_out,
    slot = excluded.slot, sku = excluded.sku, name = excluded.name, category = excluded.category, page = excluded.page,
    colour = excluded.colour, emoji = excluded.emoji, icon = excluded.icon, plu = excluded.plu, extras = excluded.extras,
    price = excluded.price, trade = excluded.trade, codes = excluded.codes, writes = excluded.writes, rest = excluded.rest
