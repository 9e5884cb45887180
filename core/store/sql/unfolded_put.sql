INSERT INTO unfolded (first, last) VALUES (?1, ?2)
