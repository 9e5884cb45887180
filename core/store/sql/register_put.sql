INSERT INTO register (kind, id, value, place) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value, place = excluded.place
WHERE excluded.place >= register.place
