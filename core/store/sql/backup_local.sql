SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'local_*' ORDER BY name
