"""Copies, counters and computed columns that every write keeps, and their check."""
