INSERT INTO ranked_@ (rank, item_no) VALUES (?1, ?2)
