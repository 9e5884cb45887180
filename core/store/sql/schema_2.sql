-- Version 2: ops that came from elsewhere are kept first and folded after; doubts that more policy may settle.

-- Runs of ops, by their numbers of arrival, that are kept and not yet folded.
CREATE TABLE unfolded (
    first INTEGER PRIMARY KEY,
    last  INTEGER NOT NULL
) STRICT;

-- Carts and shifts that were finished: an op of one that is folded later does not open it again.
CREATE TABLE closed (
    kind INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- again is 1 where more policy may let the op count.
ALTER TABLE review ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
