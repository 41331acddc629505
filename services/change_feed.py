"""Has the audit log grown? A query cheap enough for a poll every two seconds.

SQLite has one writer at a time, so audit ids become visible in their order. PostgreSQL assigns an id before
the commit: a slow transaction may commit a smaller id later. There, an entry is new if its transaction was
not yet visible in the previous snapshot and is visible in the current one.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select, text
from sqlmodel import col

from models.tables import AuditEntry
from services.crm import Crm

# Changes if the server is restarted, or if a restored backup replaces the table.
_LIFE: Final = (
    "CAST(pg_postmaster_start_time() AS text) || ' ' || CAST(CAST('audit_entry' AS regclass) AS oid)"
)
# The smallest number in a range is always looked up in the index. For EXISTS the whole table may be scanned,
# since most entries can have the same number, 0.
# A restored table may hold numbers of transactions that this server has not reached yet.
_LOOK: Final = text(f"""
    WITH edge AS (
        SELECT CAST(CAST(pg_snapshot_xmax(CAST(:seen AS pg_snapshot)) AS text) AS bigint) AS before,
            CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS now
    ), under_way AS (
        SELECT CAST(CAST(pg_snapshot_xip(CAST(:seen AS pg_snapshot)) AS text) AS bigint) AS number
    )
    SELECT CAST(pg_current_snapshot() AS text), {_LIFE}, now < before
        OR (SELECT min(txid) FROM audit_entry WHERE txid >= before AND txid < now) IS NOT NULL
        OR EXISTS (
            SELECT FROM under_way
            WHERE (SELECT min(txid) FROM audit_entry WHERE txid >= number AND txid <= number) IS NOT NULL
        )
    FROM edge
""")  # noqa: S608 - a constant


@dataclass(frozen=True)
class Seen:
    """The state of the journal at one moment; ``number`` grows with each look that finds a change."""

    number: int = 0
    newest: int = 0
    """The newest entry, on SQLite."""
    snapshot: str = ""
    """On PostgreSQL: the transactions that had ended, in the server's notation."""
    life: str = ""


def look_for_changes(crm: Crm, before: Seen | None) -> Seen:
    """The state of the journal now; its ``number`` is that of ``before`` if there was no write since.

    Raises :class:`DatabaseUnavailable`.
    """
    with crm.database.read() as connection:
        if crm.database.kind == "postgresql":
            return _look(connection, before)
        newest = connection.execute(select(func.max(col(AuditEntry.id)))).scalar() or 0
    before = before or Seen(newest=newest)
    return Seen(before.number + (newest != before.newest), newest)


def _look(connection: Connection, before: Seen | None) -> Seen:
    # For the first look, nothing is new.
    seen = before.snapshot if before is not None else "1:1:"
    snapshot, life, new = connection.execute(_LOOK, {"seen": seen}).one()
    if before is None:
        return Seen(snapshot=snapshot, life=life)
    return Seen(before.number + (new or life != before.life), snapshot=snapshot, life=life)
