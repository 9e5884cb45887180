-- The items that were sold most at all places together; the low 32 bits of a stock key are the item's number.
SELECT stock_key & 4294967295 AS item_no, sum(sold) AS sold FROM stock
WHERE sold > 0 GROUP BY item_no ORDER BY sold DESC, item_no LIMIT ?1
