"""The names of records by kind and id, in one query for each kind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from models.enums import RecordKind
from models.read_models import contract_number
from models.tables import Client, Collaborator, Contract, Event, table_of

Names = Mapping[tuple[RecordKind, int], str]
"""Names by kind and id; a record that was deleted, and a payment, has none."""

REFERRED: Final[Mapping[str, RecordKind]] = {
    "client_id": RecordKind.CLIENT,
    "contract_id": RecordKind.CONTRACT,
    "sales_contact_id": RecordKind.COLLABORATOR,
    "support_contact_id": RecordKind.COLLABORATOR,
    "recorded_by_id": RecordKind.COLLABORATOR,
}
"""The fields that hold the id of another record."""

Changed = Iterable[tuple[str, object]]
"""Fields with a value that they had or have."""

_client, _contract = table_of(Client).c, table_of(Contract).c
_event, _person = table_of(Event).c, table_of(Collaborator).c
_QUERIES: Final[Mapping[RecordKind, Select[Any]]] = {
    RecordKind.CLIENT: select(_client.id, _client.full_name),
    RecordKind.CONTRACT: select(_contract.id, _contract.created_at),
    RecordKind.EVENT: select(_event.id, _event.name),
    RecordKind.COLLABORATOR: select(_person.id, _person.first_name + " " + _person.last_name),
}


def names_of(connection: Connection, wanted: Iterable[tuple[RecordKind, int]]) -> Names:
    """The names of these records, those in the trash too."""
    ids: dict[RecordKind, set[int]] = defaultdict(set)
    for kind, key in wanted:
        ids[kind].add(key)
    names: dict[tuple[RecordKind, int], str] = {}
    for kind, keys in ids.items():
        query = _QUERIES.get(kind)
        if query is not None:
            key_column = next(iter(query.selected_columns))
            for key, name in connection.execute(query.where(key_column.in_(sorted(keys)))):
                names[kind, key] = contract_number(key, name) if kind is RecordKind.CONTRACT else name
    return names


def referred(values: Changed) -> Iterable[tuple[RecordKind, int]]:
    """The records that the values of some fields name by id."""
    return [
        (REFERRED[field], value) for field, value in values if field in REFERRED and isinstance(value, int)
    ]
