-- Version 2: ops that came from elsewhere are kept first and folded after; doubts that more policy may settle.

-- Runs of ops, by their numbers of arrival, that are kept and not yet folded.
CREATE TABLE unfolded (
    first INTEGER PRIMARY KEY,
    last  INTEGER NOT NULL
) STRICT;

-- again is 1 where more policy may let the op count.
ALTER TABLE review ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
