UPDATE unfolded SET last = ?2 WHERE last = ?1 - 1
