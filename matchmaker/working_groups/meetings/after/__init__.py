"""After a meeting: recording, survey, reminders of missing minutes."""
