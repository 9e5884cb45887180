-- An overflow saturates instead of failing: the sum turns into a float, which the cast clamps.
INSERT INTO stock (stock_key, steps, sold) VALUES (?1, ?2, ?3)
ON CONFLICT (stock_key) DO UPDATE SET steps = CAST(steps + excluded.steps AS INTEGER), sold = sold + excluded.sold
