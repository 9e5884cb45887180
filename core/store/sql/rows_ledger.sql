SELECT dictionary.key, ledger.amount_minor FROM ledger JOIN dictionary ON dictionary.no = ledger.account_no ORDER BY 1
