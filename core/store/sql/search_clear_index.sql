DELETE FROM search_@_idx WHERE (segid, term) IN (SELECT segid, term FROM search_@_idx LIMIT ?1)
