SELECT key FROM dictionary WHERE no = ?1
