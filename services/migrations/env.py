"""Alembic's environment: migrations run on the connection that ``services.migrate`` holds the lock on."""

from alembic import context

from models.metadata import schema

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=schema(), render_as_batch=True)
context.run_migrations()
