"""The database: connections, locks, cancellation, and the meaning of its errors."""
