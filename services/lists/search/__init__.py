"""Search by words, on SQLite (FTS5) and on PostgreSQL (an array of words)."""
