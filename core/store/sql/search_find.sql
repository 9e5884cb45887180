SELECT ranked_@.rank, ranked_@.item_no FROM search_@ CROSS JOIN ranked_@ ON ranked_@.rank = search_@.rowid
WHERE search_@ MATCH ?1 AND search_@.rowid > ?2
ORDER BY search_@.rowid LIMIT ?3
