"""The migrations of the database, their runner, and the check that the database is ours."""
