"""What the folded names and search words should hold: only Python folds as both engines need it.

A kind is read from id to id in batches, so that a table of a million is never held at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, select

from models.text import fold
from services import derived
from services.live import CLIENT, CONTRACT, EVENT, PEOPLE

_BATCH: Final = 2_000

Words = Mapping[str, str]
AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class LiveWords:
    """The texts of a table that follow from its rows and from those that ``query`` joins."""

    table: Table
    query: Select[*tuple[Any, ...]]
    texts: Callable[[AnyRow], Words]

    def stale(self, connection: Connection) -> Iterator[Sequence[tuple[int, Words, Words]]]:
        """The ids whose texts are not as they should be, with what is kept and what is live, in batches."""
        key = self.table.c.id
        query, last = self.query.order_by(key).limit(_BATCH), 0
        while rows := connection.execute(query.where(key > last)).all():
            last = rows[-1].id
            compared = ((row, self.texts(row)) for row in rows)
            yield [(row.id, _kept(row, live), live) for row, live in compared if _kept(row, live) != live]


def _kept(row: AnyRow, live: Words) -> Words:
    return {name: getattr(row, name) for name in live}


def _of_collaborator(row: AnyRow) -> Words:
    return {
        "sort_name": derived.collaborator_sort_name(row.first_name, row.last_name),
        "search": derived.collaborator_words(
            row.first_name,
            row.last_name,
            row.username,
            row.email,
            row.employee_number,
            row.phone,
            row.phone_e164,
        ),
    }


def _of_client(row: AnyRow) -> Words:
    return {
        "sort_name": fold(row.full_name),
        "sort_company": fold(row.company),
        "search": derived.client_words(
            row.full_name, row.contact_person, row.company, row.email, row.phone, row.phone_e164
        ),
    }


def _of_contract(row: AnyRow) -> Words:
    return {"search": derived.contract_words(row.of_client, row.id, row.created_at)}


def _of_event(row: AnyRow) -> Words:
    words = derived.event_words(row.name, row.location, row.of_client, row.contract_id, row.created_at)
    return {"sort_name": fold(row.name), "search": words}


WORDS: Final = (
    LiveWords(PEOPLE, select(PEOPLE), _of_collaborator),
    LiveWords(CLIENT, select(CLIENT), _of_client),
    LiveWords(
        CONTRACT,
        select(
            CONTRACT.c.id, CONTRACT.c.search, CONTRACT.c.created_at, CLIENT.c.search.label("of_client")
        ).join(CLIENT, CLIENT.c.id == CONTRACT.c.client_id),
        _of_contract,
    ),
    LiveWords(
        EVENT,
        select(
            EVENT.c.id, EVENT.c.name, EVENT.c.location, EVENT.c.contract_id, EVENT.c.sort_name,
            EVENT.c.search, CONTRACT.c.created_at, CLIENT.c.search.label("of_client"),
        )
        .join(CONTRACT, CONTRACT.c.id == EVENT.c.contract_id)
        .join(CLIENT, CLIENT.c.id == CONTRACT.c.client_id),
        _of_event,
    ),
)  # fmt: skip
"""In the order in which they are to be written: words of a contract hold those of its client."""
