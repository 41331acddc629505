"""All tables with all their indexes, for code that creates a database or compares two.

Code that only reads and writes records does not need the indexes. Building them loads SQLAlchemy's dialects,
which takes a tenth of the time of a short command.
"""

from functools import cache

from sqlalchemy import MetaData
from sqlmodel import SQLModel

# Each registers its tables, and those of models.tables too.
import models.activity_tables
import models.figure_tables
import models.preference_tables
import models.view_tables  # noqa: F401
from models.list_indexes import CLIENT_LISTS, CONTRACT_LISTS, EVENT_LISTS, NOTE_LISTS, TASK_LISTS
from models.postgresql_word_index import add_word_index


@cache
def schema() -> MetaData:
    """The tables with their list indexes and word indexes."""
    for lists in (CLIENT_LISTS, CONTRACT_LISTS, EVENT_LISTS, NOTE_LISTS, TASK_LISTS):
        table = SQLModel.metadata.tables[lists.table]
        lists.add_indexes(table)
        add_word_index(table)
    return SQLModel.metadata
