INSERT OR REPLACE INTO local_command (slot, n, id, revision, durable, subject_kind, subject) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
