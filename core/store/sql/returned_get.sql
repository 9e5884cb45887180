SELECT steps FROM returned WHERE sale = ?1 AND line = ?2
