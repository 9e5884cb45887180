DELETE FROM unfolded WHERE first = ?1
