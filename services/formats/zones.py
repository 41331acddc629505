"""Time zones by the names that people know: the city in the active language, found by any part of it.

A zone has its name in the IANA database, such as ``America/New_York``.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

from models.text import fold
from services.errors import Invalid
from services.formats.locale_rules import date_locale
from services.i18n import N_, locale_name
from services.time_zones import zone_named

_AREAS: Final = frozenset({
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
})  # fmt: skip
"""The first parts of the names of zones that are named after a city or an island."""
_MOST_NAMED: Final = 4
"""The most zones that a refusal offers."""

_UNKNOWN: Final = N_(
    "There is no such time zone; write a city such as New York, or a name such as America/New_York."
)
_SEVERAL: Final = N_("Several time zones match: {names}. Write the whole name of one.")


def say_zone(name: str) -> str:
    """The city of a zone: ``New York``, in French ``Londres`` for ``Europe/London``; else its whole name."""
    return _city(name, locale_name()) if name.partition("/")[0] in _AREAS else name


def find_zones(typed: str) -> Sequence[str]:
    """The zones whose city or name holds the typed text, those first that begin with it; all if it is empty.

    Takes a tenth of a second at the first call: the names are read from the disk.
    """
    return [name for _how_well, name in _ranked(_plain(typed))]


def parse_zone(text: str, field: str) -> str:
    """The zone of a typed name, city or beginning of one, such as ``new york`` or ``Europe/Par``.

    Raises :class:`Invalid` naming ``field`` if there is none, or if there are several.
    """
    wanted = _plain(text)
    exact = next((name for name in _names() if _plain(name) == wanted), None)
    if exact is not None:
        return exact
    found = _ranked(wanted) if wanted else []
    best = [name for rank, name in found if rank == found[0][0]]
    if not best:
        raise Invalid.of(field, _UNKNOWN)
    if len(best) > 1:
        more = ", …" if len(best) > _MOST_NAMED else ""
        raise Invalid.of(field, _SEVERAL, names=", ".join(best[:_MOST_NAMED]) + more)
    return best[0]


_EXACT, _BEGINS, _HOLDS = range(3)


def _ranked(wanted: str) -> list[tuple[int, str]]:
    """The zones that fit, the best first."""
    found = ((_rank(keys, wanted), name) for name, keys in _keys(locale_name()))
    return sorted((rank, name) for rank, name in found if rank is not None)


def _rank(keys: Sequence[str], wanted: str) -> int | None:
    """How well a zone with these names fits; ``None`` if it does not."""
    if wanted in keys:
        return _EXACT
    if any(key.startswith(wanted) for key in keys):
        return _BEGINS
    return _HOLDS if any(wanted in key for key in keys) else None


def _plain(text: str) -> str:
    return " ".join(fold(text.replace("_", " ").replace("-", " ")).split())


@lru_cache(maxsize=1)
def _names() -> Sequence[str]:
    return sorted(available_timezones())


@lru_cache(maxsize=4)
def _keys(locale: str) -> Sequence[tuple[str, Sequence[str]]]:
    """Each zone with the folded texts by which it is found. Several names of one zone are one."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name in _names():
        if name.partition("/")[0] in _AREAS:
            groups.setdefault((_city(name, locale), _canonical(name)), []).append(name)
    found: list[tuple[str, Sequence[str]]] = [("UTC", ("utc", "gmt"))]
    for (city, _same), names in groups.items():
        texts = (city, *(name.rpartition("/")[2] for name in names), *names)
        found.append((_present_name(names, city), tuple(dict.fromkeys(map(_plain, texts)))))
    return sorted(found)


def _present_name(names: Sequence[str], city: str) -> str:
    """The name of a zone in use now: Asia/Ho_Chi_Minh and not Asia/Saigon; else the longest."""
    return max(
        names, key=lambda name: (_plain(name.rpartition("/")[2]) == _plain(city), name.count("/"), name)
    )


def _canonical(name: str) -> str:
    from babel.core import get_global

    return str(get_global("zone_aliases").get(name, name))


@lru_cache(maxsize=1024)
def _city(name: str, _locale: str) -> str:
    from babel.dates import get_timezone_location

    plain = name.rpartition("/")[2].replace("_", " ")
    zone = zone_named(name)
    if zone is None:
        return plain
    said = get_timezone_location(zone, locale=date_locale(), return_city=True)
    # Without a translation, Babel gives the name of the zone without its area.
    return plain if "/" in said else said
