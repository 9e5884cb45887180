-- A sale is immutable: the same one twice is one.
INSERT OR IGNORE INTO sale (at_ms, id, series_no, number, day, kind, currency, total_minor, tax_minor, location_no, cash_box_no, shift_no, op_no)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
