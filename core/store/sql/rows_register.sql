SELECT kind, id, value, place FROM register ORDER BY 1, 2
