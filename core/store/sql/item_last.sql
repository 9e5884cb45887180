SELECT coalesce(max(item_no), 0) FROM item
