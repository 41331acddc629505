"""The word index of PostgreSQL: a GIN index of the whole words and of their prefixes up to a length.

With an index of whole words only, a prefix search collects the rows of every matching word, which takes tens
of milliseconds for two frequent words. Here prefixes are indexed like words: PostgreSQL reads the rows of the
rarest one and skips through those of the others.

A GIN index has no order, and a word such as a year is in hundreds of thousands of adjacent rows. Each row
therefore also indexes its block of ids as a word, and a search reads one block after the other.

SQLite has FTS5 tables instead (``services.persistence.sqlite_fts``), with the same lengths.
"""

from typing import Any, Final

from sqlalchemy import Connection, Index, MetaData, Table, event, func
from sqlmodel import SQLModel

WORD_STARTS: Final = "word_starts"
"""The database function that computes the indexed words from ``search`` and ``id``."""

BLOCK_BITS: Final = 14
"""The number of ids in a block, as a power of two."""
BLOCK: Final = "#"
"""The prefix of a block number; no word holds it."""

# The high cost makes the planner use the index instead of computing the function for each row.
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
    # In kilobytes: new entries are searched sequentially until the pending list is this long.
    "postgresql_with": {"gin_pending_list_limit": 256},
}


def add_word_index(table: Table) -> Index:
    """Add the index to the table, for PostgreSQL only."""
    words = getattr(func, WORD_STARTS)(table.c.search, table.c.id)
    return Index(f"ix_{table.name}_search", words, **_SETTINGS).ddl_if(dialect="postgresql")


@event.listens_for(SQLModel.metadata, "before_create")
def _make_function(_tables: MetaData, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_FUNCTION)
