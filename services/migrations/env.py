"""Alembic's environment: migrations run on the locked connection of ``services.migrations.runner``."""

from alembic import context

from models.metadata import schema

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=schema(), render_as_batch=True)
context.run_migrations()
