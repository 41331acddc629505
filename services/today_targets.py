"""What the figures of Today open, as data: the list has exactly the records that its figure counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from models.enums import RecordKind
from services.formats.periods import keep_moment
from services.i18n import N_
from services.lists.own_filters import NO_FILTER, Comparison, Condition, OwnFilter
from services.lists.query import ListQuery, Preset, presets_of

NO_LIST_OF_PAYMENTS: Final = N_("Payments have no list: they are in the details of their contracts.")


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure opens: a list under a preset, one record, or the agenda of a person, by the username.

    ``kind`` is ``None`` for the telemetry. ``own`` are conditions besides those of the preset, ``sort`` is
    the order of the list with them. The agenda opens on ``day``, else on today. ``refusal`` says why a figure
    opens nothing, translatable.
    """

    kind: RecordKind | None
    preset: str = ""
    record: int | None = None
    agenda: str = ""
    own: OwnFilter = NO_FILTER
    sort: str = ""
    day: date | None = None
    refusal: str = ""


def query_of(kind: RecordKind, preset_key: str) -> ListQuery:
    """The list of a preset, in its own order."""
    chosen = preset_named(kind, preset_key)
    return ListQuery(chosen.filters, sort=chosen.sort, descending=chosen.descending)


def preset_named(kind: RecordKind, key: str) -> Preset:
    """The preset of a kind with this key."""
    return next(each for each in presets_of(kind) if each.key == key)


def preset_of(target: Target) -> Preset:
    """The list that a target opens; it has exactly the records that its figure counts.

    Raises :class:`ValueError` if it opens none.
    """
    if target.kind is None:
        raise ValueError("no list")
    found = preset_named(target.kind, target.preset)
    if not target.own:
        return found
    sort, descending = (target.sort, False) if target.sort else (found.sort, found.descending)
    return replace(found, own=target.own, sort=sort, descending=descending)


def between(name: str, first: datetime | None, end: datetime | None) -> OwnFilter:
    """The records of which a field is a moment from the first on and before the end."""
    ends = ((Comparison.AT_LEAST, first), (Comparison.BELOW, end))
    return OwnFilter(
        tuple(Condition(name, how, keep_moment(moment)) for how, moment in ends if moment is not None)
    )


def intervals(edges: Sequence[datetime]) -> list[tuple[datetime | None, datetime | None]]:
    """The time before the first moment, between two of them, and from the last one on."""
    return list(zip([None, *edges], [*edges, None], strict=True))
