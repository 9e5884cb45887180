-- The currencies whose accounts do not sum to nothing; in two halves, for a sum of any amounts must not overflow.
SELECT substr(dictionary.key, 1, 4) AS currency FROM ledger JOIN dictionary ON dictionary.no = ledger.account_no
GROUP BY currency
HAVING sum(ledger.amount_minor & 4294967295) & 4294967295 <> 0
    OR sum(ledger.amount_minor >> 32) + (sum(ledger.amount_minor & 4294967295) >> 32) <> 0
