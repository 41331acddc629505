"""Hostile text in every field of every record, as an old import may have left it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, text

from services.crm import Crm
from tests.support.accounts import People
from tests.support.records import Records

LONG: Final = 10_000
PAYLOADS: Final[dict[str, str]] = {
    "closing tag": "[/bold] closed",
    "colour": "[red]x[/red] [on blue]y",
    "action": "[@click=app.quit]quit[/] [link=http://evil.example]x[/link]",
    "open bracket": "[bold [ ]] \\[ [$accent",
    "csi": "A\x1b[2J\x1b[31mRED\x1b[10;10HB",
    "osc": "A\x1b]8;;http://evil.example\x1b\\L\x1b]8;;\x1b\\\x1b]0;owned\x07B",
    "c0": "A\x00\x07\x08\x08\x0b\x0c\rover\x0e\x7fB",
    "c1": "A\x9b2J\x9d0;owned\x9c\x90q\x9c\x85B",
    "lines": "first\nsecond\r\nthird\u2028fourth",
    "tabs": "a\tb\tc",
    "override": "\u202elive\u202c \u2067x\u2069 \u200f",
    "right to left": "שלום עולם مرحبا بالعالم",
    "combining": "Z" + "\u0334\u0321\u031b\u0300" * 12 + "algo",
    "joined emoji": "👩\u200d👩\u200d👧 👍🏽 🇫🇷 ❤\ufe0f 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
    "joined letters": "a\u200db\u200d漢 \u200c\u200b\ufeffc",
    "wide": "漢字かな交じり文" * 12,
    "unassigned": "\U000e0067\U0010fffe\u0378\ue000",
    "long": "x" * LONG,
    "long words": "word [/b] " * (LONG // 10),
    "long wide": "漢" * LONG,
}
ALL_IN_ONE: Final = [
    " ".join(text for text in PAYLOADS.values() if len(text) < LONG // 10),
    *(text for text in PAYLOADS.values() if len(text) >= LONG // 10),
]
"""The short ones side by side, and the long ones."""
_TEXT_FIELDS: Final = {
    "client": ("full_name", "contact_person", "email", "phone", "company"),
    "event": ("name", "location", "notes"),
    "note": ("text", "summary"),
    "task": ("title",),
    "collaborator": ("employee_number", "username", "first_name", "last_name", "email", "phone"),
}
_CHECKS: Final = text(
    "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST(:table AS regclass)"
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def fill(crm: Crm, people: People) -> None:
    """Insert a client, a signed contract with a payment, an event and a collaborator for each payload."""
    records = Records(crm, people)
    contracts = [records.contract(signed=True) for _payload in PAYLOADS]
    parties = [records.event(contract, support=people.support) for contract in contracts]
    crew = [records.collaborator() for _payload in PAYLOADS]
    for contract in contracts:
        records.payment(contract)
    _write(crm, "client", [contract.client for contract in contracts])
    _write(crm, "event", [party.id for party in parties])
    _write(crm, "note", [records.note(people.support, event_id=party.id).id for party in parties])
    _write(crm, "task", [records.task(people.gestion, event_id=party.id).id for party in parties])
    _write(crm, "collaborator", [person.id for person in crew])
    _write_journal(crm)


def _write(crm: Crm, table: str, ids: Sequence[int]) -> None:
    # Each payload is once in each field; the fields of one record hold different payloads.
    fields, payloads = _TEXT_FIELDS[table], list(PAYLOADS.values())
    sets = ", ".join(f"{name} = :{name}" for name in fields)
    with _unchecked(crm, table, fields) as connection:
        for place, record_id in enumerate(ids):
            turn = [payloads[(place + step) % len(payloads)] for step in range(len(fields))]
            values = {name: f"{payload} {record_id}" for name, payload in zip(fields, turn, strict=True)}
            statement = text(f"UPDATE {table} SET {sets} WHERE id = :id")  # noqa: S608
            connection.execute(statement, {"id": record_id, **_storable(crm, values)})


def _write_journal(crm: Crm) -> None:
    statement = text(
        "UPDATE audit_entry SET actor_username = :who, action = :who, changes = :what WHERE id = :id"
    )
    with _unchecked(crm, "audit_entry", ("actor_username", "action")) as connection:
        entries = connection.execute(text("SELECT id FROM audit_entry ORDER BY id DESC")).scalars().all()
        for entry, payload in zip(entries, PAYLOADS.values(), strict=False):
            changes = json.dumps({"full_name": [payload, payload], payload[:200]: [None, payload]})
            connection.execute(statement, {"id": entry, "what": changes, **_storable(crm, {"who": payload})})


def _storable(crm: Crm, values: Mapping[str, str]) -> Mapping[str, str]:
    # PostgreSQL cannot store NUL in text.
    return values if crm.database.path else {name: value.replace("\0", "") for name, value in values.items()}


@contextmanager
def _unchecked(crm: Crm, table: str, fields: Sequence[str]) -> Iterator[Connection]:
    """Write without the constraints and lengths of a table; on PostgreSQL they are dropped."""
    with crm.database.write() as connection:
        if crm.database.path:
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        else:
            for (rule,) in connection.execute(_CHECKS, {"table": table}):
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {rule}"))
            for name in fields:
                connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE text"))
        yield connection
        if crm.database.path:
            connection.execute(text("PRAGMA ignore_check_constraints = OFF"))


def troubles_of(line: str, width: int) -> Iterator[str]:
    """The problems of a terminal line, which every terminal must draw in ``width`` cells."""
    if found := _CONTROLS.findall(line):
        yield f"control characters {found} in {line!r}"
    drawn = sum(cells_of(character) for character in line)
    if drawn != width:
        yield f"{drawn} cells instead of {width}: {line!r}"


def cells_of(character: str) -> int:
    """The cells of a single character, without regard to its neighbours."""
    from wcwidth import wcwidth

    return max(0, wcwidth(character))


def grid(line: str) -> list[str]:
    """The character in each cell; the second cell of a wide one is empty."""
    cells: list[str] = []
    for character in line:
        width = cells_of(character)
        if width:
            cells.extend([character, *[""] * (width - 1)])
    return cells
