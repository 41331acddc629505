"""Copies, counters and computed columns that every write keeps up to date, and their consistency check."""
