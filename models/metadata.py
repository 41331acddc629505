"""All tables with all their indexes, for whoever makes a database or compares one.

Those who only read and write records name an index at the most. Making these loads what SQLAlchemy knows of
each engine, a tenth of the time that a short command takes.
"""

from functools import cache

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - registers the tables
from models.list_indexes import CLIENT_LISTS, CONTRACT_LISTS, EVENT_LISTS
from models.postgresql_word_index import add_word_index


@cache
def schema() -> MetaData:
    """The tables, with the indexes of their lists and of their words."""
    for lists in (CLIENT_LISTS, CONTRACT_LISTS, EVENT_LISTS):
        table = SQLModel.metadata.tables[lists.table]
        lists.add_indexes(table)
        add_word_index(table)
    return SQLModel.metadata
