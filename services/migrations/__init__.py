"""The database migrations, their runner, and the check that a database belongs to this program."""
