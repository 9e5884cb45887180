INSERT INTO returned (sale, line, steps) VALUES (?1, ?2, ?3)
ON CONFLICT (sale, line) DO UPDATE SET steps = CAST(steps + excluded.steps AS INTEGER)
