"""Activity of a group: posts, documents, tasks, decisions, calendar feeds, news by mail."""
