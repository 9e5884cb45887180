SELECT substr(dictionary.key, 1, 4) AS currency FROM ledger JOIN dictionary ON dictionary.no = ledger.account_no
GROUP BY currency HAVING sum(ledger.amount_minor) <> 0
