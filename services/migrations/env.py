"""Alembic's environment: migrations run on the connection that ``services.migrate`` holds the lock on."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - registers the tables

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
context.run_migrations()
