SELECT kind, key FROM closed ORDER BY 1, 2
