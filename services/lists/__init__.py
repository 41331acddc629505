"""Lists: filters, sorts, keyset pages and counts, the same for each kind of record."""
