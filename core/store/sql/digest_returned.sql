SELECT sale, line, steps FROM returned
