SELECT kind, id, value, place FROM register
