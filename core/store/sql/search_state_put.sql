UPDATE search_state SET active = ?1, building = ?2, taken = ?3, text_version = ?4
