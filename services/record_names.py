"""The names of records by kind and id, in one query for each kind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from models.enums import RecordKind
from models.read_models import contract_number
from services import record_types

Names = Mapping[tuple[RecordKind, int], str]
"""Names by kind and id; a record that was deleted, and a payment, has none."""

Changed = Iterable[tuple[str, object]]
"""Fields with a value that they had or have."""


def names_of(connection: Connection, wanted: Iterable[tuple[RecordKind, int]]) -> Names:
    """The names of these records, those in the trash too."""
    ids: dict[RecordKind, set[int]] = defaultdict(set)
    for kind, key in wanted:
        ids[kind].add(key)
    names: dict[tuple[RecordKind, int], str] = {}
    for kind, keys in ids.items():
        naming = record_types.of_kind(kind).naming
        if naming is None:
            continue
        found = select(naming.key, naming.shown).where(naming.key.in_(sorted(keys)))
        for key, name in connection.execute(found):
            names[kind, key] = contract_number(key, name) if naming.text is None else name
    return names


def referred(values: Changed) -> Iterable[tuple[RecordKind, int]]:
    """The records that the values of some fields name by id."""
    kinds = record_types.references()
    return [(kinds[field], value) for field, value in values if field in kinds and isinstance(value, int)]
