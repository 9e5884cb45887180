-- Search over the catalogue: two tables of the same shape, one in use, the other being rebuilt or empty.
--
-- The rowid of search_x is the item's rank by popularity as of the last rebuild, so the first hits of a scan in rowid
-- order are the best; ranked_x says which item stands at a rank. The words are folded and parted by spaces before they
-- come here, so the tokenizer only splits: it treats every character above ASCII as part of a word, of scripts too
-- that SQLite's own tables do not know yet. Nothing but "which ranks hold this word" is kept. A list for every prefix
-- up to the longest word makes a prefix as cheap as a word, and small pages let the meeting of a common and a rare
-- word skip most of the common one's list (p99 of word and prefix at a million items: 2.0 ms with pages of 4 KB, 0.33 ms with these).
CREATE VIRTUAL TABLE search_a USING fts5 (
    words, content='', columnsize=0, detail=none, prefix='1 2 3 4 5 6 7 8 9 10 11 12', tokenize='ascii'
);
CREATE VIRTUAL TABLE search_b USING fts5 (
    words, content='', columnsize=0, detail=none, prefix='1 2 3 4 5 6 7 8 9 10 11 12', tokenize='ascii'
);
INSERT INTO search_a (search_a, rank) VALUES ('pgsz', 1000);
INSERT INTO search_b (search_b, rank) VALUES ('pgsz', 1000);
-- A rebuild collects 4 MB before it writes a piece, and merges pieces later than usual (8, not 4): less work. With 16 the
-- merges come all at once, and a step was seen to take 700 ms at a million items.
INSERT INTO search_a (search_a, rank) VALUES ('hashsize', 4194304), ('automerge', 8);
INSERT INTO search_b (search_b, rank) VALUES ('hashsize', 4194304), ('automerge', 8);

CREATE TABLE ranked_a (
    rank    INTEGER PRIMARY KEY,
    item_no INTEGER NOT NULL
) STRICT;
CREATE INDEX ranked_a_by_item ON ranked_a (item_no);
CREATE TABLE ranked_b (
    rank    INTEGER PRIMARY KEY,
    item_no INTEGER NOT NULL
) STRICT;
CREATE INDEX ranked_b_by_item ON ranked_b (item_no);

-- One row. active is the table in use, 0 for a and 1 for b. While building is 1, the other one holds the items up to
-- number taken, and the popular ones. text_version is that of the folding rules the table in use was made by.
CREATE TABLE search_state (
    active       INTEGER NOT NULL,
    building     INTEGER NOT NULL,
    taken        INTEGER NOT NULL,
    text_version INTEGER NOT NULL
) STRICT;
INSERT INTO search_state (active, building, taken, text_version) VALUES (0, 0, 0, 1);
