-- A page stands where its first tile came into the shop. Beside min(slot), item_no is that of the row with the least slot.
WITH pages AS (
    SELECT page, min(slot), item_no AS first FROM item WHERE known = 1 AND archived = 0 AND page <> '' GROUP BY page
)
SELECT page FROM pages WHERE ?1 = '' OR first > (SELECT first FROM pages WHERE page = ?1) ORDER BY first LIMIT ?2
