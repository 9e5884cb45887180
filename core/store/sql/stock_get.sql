SELECT steps FROM stock WHERE stock_key = ?1
