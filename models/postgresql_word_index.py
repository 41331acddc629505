"""The word index of PostgreSQL: every prefix of every word up to a length, and the whole words.

With an index of whole words, PostgreSQL gathers the rows of every word that has a prefix: tens of
milliseconds for two frequent words. Prefixes are indexed like words instead: PostgreSQL walks the rows of the
rarest one and skips through those of the others.

The index has no order, and a word such as a year is in hundreds of thousands of adjacent rows. So the block
of ids of a row is indexed like one more word of it, and a search asks for one block after the other.

SQLite has FTS5 tables instead (``services.persistence.sqlite_fts``), with the same lengths.
"""

from typing import Any, Final

from sqlalchemy import Connection, Index, MetaData, Table, event, func
from sqlmodel import SQLModel

WORD_STARTS: Final = "word_starts"
"""The function of the database that gives what is indexed of the words of ``search`` and of an ``id``."""

BLOCK_BITS: Final = 14
"""A block holds so many ids, as a power of two."""
BLOCK: Final = "#"
"""Stands before the number of a block, as it does in no word."""

# The cost keeps the planner from computing it row by row where the index can be asked.
_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION {WORD_STARTS}(words text, id integer) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
SELECT array_to_tsvector(
    array_append(coalesce(array_agg(left(word, length)), '{{}}'), '{BLOCK}' || (id >> {BLOCK_BITS}))
)
FROM unnest(string_to_array(ltrim(words), ' ')) AS word, unnest('{{1,2,3,4,5,6,7,8,500}}'::int[]) AS length
$$
"""  # noqa: S608 - names of ours
_SETTINGS: Final[dict[str, Any]] = {
    "postgresql_using": "gin",
    # In kilobytes: what was written last is searched row by row until there is so much of it.
    "postgresql_with": {"gin_pending_list_limit": 256},
}


def add_word_index(table: Table) -> Index:
    """Make the index part of the table, on PostgreSQL alone."""
    words = getattr(func, WORD_STARTS)(table.c.search, table.c.id)
    return Index(f"ix_{table.name}_search", words, **_SETTINGS).ddl_if(dialect="postgresql")


@event.listens_for(SQLModel.metadata, "before_create")
def _make_function(_tables: MetaData, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_FUNCTION)
