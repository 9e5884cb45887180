SELECT code, item.id FROM code JOIN item USING (item_no) ORDER BY 1, 2
