SELECT n, id, revision, durable, subject_kind, subject FROM local_command ORDER BY n
