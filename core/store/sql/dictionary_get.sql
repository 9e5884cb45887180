SELECT no FROM dictionary WHERE kind = ?1 AND key = ?2
