SELECT active, building, taken, text_version FROM search_state
