"""The database: connections, locks, cancellation, and what its errors mean."""
