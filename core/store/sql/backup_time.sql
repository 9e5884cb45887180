SELECT strftime('%Y-%m-%d-%H%M%S', ?1, 'unixepoch')
