SELECT first, last FROM unfolded ORDER BY first
