-- Rows 1 and 10 are FTS5's averages and its list of segments: with this list (version and counts all zero) the table
-- is empty and sound, and what is left of its pages can go bit by bit.
UPDATE search_@_data SET block = CASE id WHEN 1 THEN x'' ELSE x'00000000000000' END WHERE id IN (1, 10)
