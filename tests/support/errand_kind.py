"""A kind of record that the program does not know: an errand of a client. It stands in this file alone.

The file has all that a new kind takes: a table, its migration, its rights, its list, its description and its
use cases.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from unittest.mock import patch

from sqlalchemy import MetaData, select
from sqlmodel import Field

from models.enums import RecordKind
from models.search_words import stored, words_of
from models.tables import Client, Trashable, table_of
from models.text import fold
from services import record_types, rights, trash
from services.actor import Actor
from services.crm import Crm
from services.i18n import N_plural
from services.lists.engine import as_written
from services.lists.spec import PARENT, FilterSpec, ListSpec
from services.persistence import mapper
from services.record_types import Naming, Parent, RecordType
from services.rights import ANY, NONE, OWN, Action, Rule
from services.unit_of_work import writing

ERRAND: Final = RecordKind("errand")
CREATE, UPDATE, TRASH = Action("errand.create"), Action("errand.update"), Action("errand.trash")


class Errand(Trashable, table=True):
    """Something to do for a client."""

    metadata = MetaData()
    __tablename__ = "errand"
    client_id: int
    title: str = Field(max_length=200)
    sort_title: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class ErrandRead:
    """An errand as it leaves a service."""

    id: int
    version: int
    client: int
    title: str
    deleted: datetime | None


def create_errand(crm: Crm, actor: Actor, client_id: int, title: str) -> ErrandRead:
    """Add an errand to one's own client."""
    with writing(crm, actor, CREATE) as work:
        client = work.get(Client, client_id)
        work.require(owner_id=work.owner_of(client))
        return as_written(
            work, LISTING, work.create(mapper.new(Errand, {"client_id": client_id, "title": title}))
        )


def update_errand(
    crm: Crm, actor: Actor, errand_id: int, title: str, version: int | None = None
) -> ErrandRead:
    """Give an errand another title."""
    with writing(crm, actor, UPDATE) as work:
        errand = work.get(Errand, errand_id, version)
        work.require(owner_id=work.owner_of(errand))
        work.change(errand, {"title": title})
        return as_written(work, LISTING, errand)


def trash_errand(crm: Crm, actor: Actor, errand_id: int) -> None:
    """Put an errand in the trash."""
    with writing(crm, actor, TRASH) as work:
        errand = work.get(Errand, errand_id)
        work.require(owner_id=work.owner_of(errand))
        trash.discard(work, errand)


def restore_errand(crm: Crm, actor: Actor, errand_id: int) -> None:
    """Take an errand out of the trash."""
    with writing(crm, actor, TRASH) as work:
        errand = work.get_even_trashed(Errand, errand_id)
        work.require(owner_id=work.owner_of(errand))
        trash.restore(work, errand)


def _compute(errand: Errand, _region: str) -> None:
    errand.sort_title, errand.search = fold(errand.title), stored(words_of(errand.title))


_errand = table_of(Errand).c

LISTING: Final[ListSpec[ErrandRead]] = ListSpec(
    record=ErrandRead,
    table=table_of(Errand),
    select=select(
        _errand.id,
        _errand.version,
        _errand.client_id.label("client"),
        _errand.title,
        _errand.deleted_at.label("deleted"),
    ),
    key=_errand.id,
    search=_errand.search,
    sorts={"title": _errand.sort_title},
    trashable=True,
    kind=ERRAND,
    parents={RecordKind.CLIENT: FilterSpec(equal=("client_id", PARENT))},
)  # fmt: skip

ERRANDS: Final = RecordType(
    kind=ERRAND,
    model=Errand,
    label="Errand",
    restored_label="Errand restored",
    telemetry_name="d'une course",
    not_found="There is no errand {key}, or it is in the trash.",
    not_trashed="Errand {key} is not in the trash.",
    rights={
        CREATE: Rule(OWN, NONE, ANY, "Only the client's sales contact and Gestion create errands."),
        UPDATE: Rule(OWN, NONE, ANY, "Only the client's sales contact and Gestion change this errand."),
        TRASH: Rule(OWN, NONE, ANY, "Only the client's sales contact and Gestion trash this errand."),
    },
    action_labels={CREATE: "Errand created", UPDATE: "Errand changed", TRASH: "Errand trashed"},
    field_labels={"title": "Title"},
    listing=LISTING,
    hit=lambda errand: (errand.title, "errand"),
    parent=Parent(
        kind=RecordKind.CLIENT,
        link="client_id",
        in_use=N_plural(
            "{count} errand is left for this client.", "{count} errands are left for this client."
        ),
        restore_first="Restore the client of this errand first.",
    ),
    naming=Naming(key=_errand.id, text=_errand.title),
    derived=frozenset({"sort_title", "search"}),
    compute=_compute,
    right_to_uncreate=TRASH,
    in_trash="Errand {key} is in the trash. Restore it before you undo this change.",
)


@contextmanager
def with_errands(crm: Crm) -> Iterator[None]:
    """The program knows the kind, and its table is in the database."""
    with crm.database.write_session() as session:
        table_of(Errand).create(session.connection())
    registers = (record_types._by_kind, record_types._by_model, rights._added)
    with ExitStack() as before:
        for register in registers:
            before.enter_context(patch.dict(register))
        record_types.register(ERRANDS)
        try:
            yield
        finally:
            with crm.database.write_session() as session:
                table_of(Errand).drop(session.connection())
