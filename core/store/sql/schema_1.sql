-- Schema of version 1: the log, its projections, and what belongs to this device alone.
-- Projections carry small integers that this database gives out; none of them holds a business rule.

-- The log ------------------------------------------------------------------------------------------

CREATE TABLE stream (
    stream_no    INTEGER PRIMARY KEY,
    id           BLOB NOT NULL,
    organisation BLOB NOT NULL,
    device       BLOB NOT NULL,
    incarnation  BLOB NOT NULL,
    kind         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX stream_by_id ON stream (id);

-- op_no is the order of arrival, without gaps. The signature stands where the author kept one.
CREATE TABLE op (
    op_no     INTEGER PRIMARY KEY,
    stream_no INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    height    INTEGER NOT NULL,
    presence  INTEGER NOT NULL,
    signature BLOB,
    header    BLOB NOT NULL,
    body      BLOB
) STRICT;
CREATE UNIQUE INDEX op_by_seq ON op (stream_no, seq);

-- Ops that are kept and relayed, and not folded, with the reason.
CREATE TABLE review (
    op_no  INTEGER PRIMARY KEY,
    reason TEXT NOT NULL
) STRICT;

-- Projections --------------------------------------------------------------------------------------

-- Small numbers for long keys: locations, cash boxes, shifts, series, accounts.
CREATE TABLE dictionary (
    no   INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    key  BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX dictionary_by_key ON dictionary (kind, key);

-- Shop settings, taxes, tenders, locations, cash boxes: the last write in the accepted order.
-- place is height, stream and seq, big-endian, so that bytes compare as the accepted order does.
CREATE TABLE register (
    kind  INTEGER NOT NULL,
    id    BLOB NOT NULL,
    value BLOB NOT NULL,
    place BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- known is 0 for an item that other ops name and whose own ops are not here yet.
-- price and trade are NULL until written; rest holds concurrent writes, NULL when there are none.
CREATE TABLE item (
    item_no  INTEGER PRIMARY KEY,
    id       BLOB NOT NULL,
    known    INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    sold_out INTEGER NOT NULL,
    slot     INTEGER NOT NULL,
    sku      TEXT NOT NULL,
    name     TEXT NOT NULL,
    category TEXT NOT NULL,
    page     TEXT NOT NULL,
    colour   TEXT NOT NULL,
    emoji    TEXT NOT NULL,
    icon     TEXT NOT NULL,
    plu      TEXT NOT NULL,
    extras   BLOB NOT NULL,
    price    BLOB,
    trade    BLOB,
    codes    BLOB NOT NULL,
    writes   BLOB NOT NULL,
    rest     BLOB
) STRICT;
CREATE UNIQUE INDEX item_by_id ON item (id);
CREATE INDEX item_by_sku ON item (sku, archived) WHERE known = 1;
CREATE INDEX item_by_name ON item (name COLLATE NOCASE) WHERE known = 1;
CREATE INDEX item_by_plu ON item (plu) WHERE plu <> '';
CREATE INDEX item_by_page ON item (page, slot) WHERE page <> '';

CREATE TABLE code (
    code    TEXT NOT NULL,
    item_no INTEGER NOT NULL,
    PRIMARY KEY (code, item_no)
) STRICT, WITHOUT ROWID;

-- stock_key is location_no * 2^32 + item_no; steps are hundred thousandths of the item's unit;
-- sold counts the sale lines, for the ranking of searches.
CREATE TABLE stock (
    stock_key INTEGER PRIMARY KEY,
    steps     INTEGER NOT NULL,
    sold      INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger (
    account_no   INTEGER PRIMARY KEY,
    amount_minor INTEGER NOT NULL
) STRICT;

-- day counts the days since 1970 in the shop's time. The document itself lies in its op.
CREATE TABLE sale (
    at_ms       INTEGER NOT NULL,
    id          BLOB NOT NULL,
    series_no   INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    day         INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    currency    BLOB NOT NULL,
    total_minor INTEGER NOT NULL,
    tax_minor   INTEGER NOT NULL,
    location_no INTEGER NOT NULL,
    cash_box_no INTEGER NOT NULL,
    shift_no    INTEGER NOT NULL,
    op_no       INTEGER NOT NULL,
    PRIMARY KEY (at_ms, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sale_by_id ON sale (id);
CREATE INDEX sale_by_number ON sale (series_no, number);

-- What came back of a sold line, in steps.
CREATE TABLE returned (
    sale  BLOB NOT NULL,
    line  INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    PRIMARY KEY (sale, line)
) STRICT, WITHOUT ROWID;

-- A shift whose opening is not here yet has no opened_op; an open one has no closed_op.
CREATE TABLE shift (
    shift_no    INTEGER PRIMARY KEY,
    id          BLOB NOT NULL,
    cash_box    BLOB NOT NULL,
    opened_ms   INTEGER NOT NULL,
    opened_op   INTEGER,
    closed_ms   INTEGER,
    closed_op   INTEGER,
    z_number    INTEGER
) STRICT;
CREATE INDEX shift_by_time ON shift (opened_ms);

-- The ops that rebuild what is open; from a tail on, every later book op belongs to the entity.
CREATE TABLE open_entity (
    kind  INTEGER NOT NULL,
    key   BLOB NOT NULL,
    op_no INTEGER NOT NULL,
    tail  INTEGER NOT NULL,
    place BLOB NOT NULL,
    PRIMARY KEY (kind, key, op_no)
) STRICT, WITHOUT ROWID;

-- This device alone: never an op, never in a backup ------------------------------------------------

-- A ring: slot is n modulo its size.
CREATE TABLE local_command (
    slot         INTEGER PRIMARY KEY,
    n            INTEGER NOT NULL,
    id           BLOB NOT NULL,
    revision     INTEGER NOT NULL,
    durable      INTEGER NOT NULL,
    subject_kind INTEGER NOT NULL,
    subject      BLOB NOT NULL
) STRICT;

CREATE TABLE local_meta (
    key   TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (key)
) STRICT, WITHOUT ROWID;
