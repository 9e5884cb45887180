INSERT INTO ledger (account_no, amount_minor) VALUES (?1, ?2)
ON CONFLICT (account_no) DO UPDATE SET amount_minor = CAST(amount_minor + excluded.amount_minor AS INTEGER)
