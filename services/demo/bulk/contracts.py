"""The number of contracts of each generated client, and the history of each contract."""

from array import array
from random import Random
from typing import Final, NamedTuple

from services.demo.bulk.dates import Calendar

_MINUTE_BITS: Final = 11
_CLIENT_BITS: Final = 20
_DAYS_BACK: Final = (365, 2_190)
"""The minimum and maximum age of the first contact in days; an agency with few clients is young."""

# The number of contracts of each of 200 clients: nearly half are prospects, a few have many.
_CONTRACTS: Final = (0,) * 96 + (1,) * 60 + (2,) * 22 + (3,) * 11 + (4,) * 5 + (5,) * 3 + (8,) * 2 + (15,)
BIG_ACCOUNT: Final = 1_000
"""The maximum number of contracts of the first client, which has one for every hundred clients."""


class Planned(NamedTuple):
    """An event of a contract: its day, the day on which it was recorded, and 44 random bits."""

    day: int
    created: int
    chance: int


class Deal(NamedTuple):
    """One contract: amounts in cents, days counted from today; ``signed`` is 0 if it is unsigned."""

    total: int
    signed: int
    payments: tuple[tuple[int, int], ...]
    events: tuple[Planned, ...]

    @property
    def paid(self) -> int:
        """Cents received."""
        return sum(amount for _day, amount in self.payments)


def first_contact_day(number: int, clients: int) -> int:
    """The day of the first contact with a client; their number grows each year."""
    shortest, longest = _DAYS_BACK
    return -1 - int(min(longest, shortest + clients // 10) * (1 - (number / clients) ** 0.7))


def agenda(clients: int, rng: Random, calendar: Calendar) -> list[int]:
    """The creation of every contract in chronological order, encoded as in :func:`drawn_up`."""
    entries = []
    for number in range(1, clients + 1):
        chance, kept = divmod(rng.getrandbits(32), len(_CONTRACTS))
        count = min(BIG_ACCOUNT, clients // 100) if number == 1 else _CONTRACTS[kept]
        first = first_contact_day(number, clients)
        for turn in range(count):
            chance = chance if turn == 0 else rng.getrandbits(32)
            late = chance % (40 if turn == 0 else 2_500)
            day = calendar.working(first + late if turn == 0 else first + late * -first // 2_500)
            minute = 540 + rng.getrandbits(16) % 500
            entries.append(
                (day + 4_096) << (_MINUTE_BITS + _CLIENT_BITS) | minute << _CLIENT_BITS | number - 1
            )
    entries.sort()
    return entries


def drawn_up(entry: int) -> tuple[int, int, int]:
    """Day, minute of the day and number of the client of an entry of the agenda."""
    rest, client = divmod(entry, 1 << _CLIENT_BITS)
    day, minute = divmod(rest, 1 << _MINUTE_BITS)
    return day - 4_096, minute, client + 1


def deal(day: int, chance: int, calendar: Calendar, step: int) -> Deal:
    """The history of a contract that was created on that day; ``chance`` holds 64 random bits.

    Payments are multiples of ``step``, which is 100 for a currency without decimals, since its amounts are
    stored in hundredths too.
    """
    chance, delay = divmod(chance, 8)
    chance, fate = divmod(chance, 200)
    chance, guests = divmod(chance, 380)
    chance, price = divmod(chance, 120)
    total = (20 + guests) * (2_500 + 100 * price)
    if (fate < 90 and day > -100) or fate == 90 or day >= -1:
        return Deal(total, 0, (), ())
    signed = calendar.working(day + 1 + delay)
    chance, events = _events(signed, fate, chance)
    return Deal(total, signed, _payments(signed, events, total, chance, calendar, step), events)


def _events(signed: int, fate: int, chance: int) -> tuple[int, tuple[Planned, ...]]:
    chance, ahead = divmod(chance, 120)
    if fate % 100 >= 76:
        return chance, ()
    first = Planned(signed + 20 + ahead, min(-1, signed + 1 + ahead % 4), _mixed(chance))
    if fate % 100 > 2:
        return chance, (first,)
    return chance, (first, Planned(first.day + 30, first.created, _mixed(chance + 1)))


def _mixed(chance: int) -> int:
    # Each of the upper bits of the product depends on all bits of the number (Knuth, multiplicative hashing).
    return (chance * 0x9E37_79B9_7F4A_7C15 & 0xFFFF_FFFF_FFFF_FFFF) >> 20


def _payments(
    signed: int, events: tuple[Planned, ...], total: int, chance: int, calendar: Calendar, step: int
) -> tuple[tuple[int, int], ...]:
    chance, way = divmod(chance, 20)
    settled = (events[-1].day if events else signed + 45) + 10
    slow = chance % 20 == 0
    deposit, further = (total * tenths // 10 // step * step for tenths in (3, 4))
    parts: tuple[tuple[int, int], ...]
    if way < 10:
        parts = ((signed + 2 + way * 3, total),)
    elif way < 16:
        parts = ((signed + 2, deposit), (settled, total - deposit))
    else:
        parts = ((signed + 1, deposit), (signed + 25, further), (settled, total - deposit - further))
    due = parts[:-1] if slow else parts
    return tuple((calendar.working(day), amount) for day, amount in due if day < 0)


def chances(count: int, rng: Random) -> "array[int]":
    """An array of ``count`` random 64-bit numbers."""
    return array("Q", (rng.getrandbits(64) for _ in range(count)))
