SELECT sale, line, steps FROM returned ORDER BY 1, 2
