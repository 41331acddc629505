"""The rows of every table, in the order that foreign keys require."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from services.demo.bulk.columns import Batch, Row, Written
from services.demo.bulk.contract_rows import DealRows
from services.demo.bulk.people import People
from services.demo.bulk.people_rows import PeopleRows
from services.demo.bulk.plan import Plan
from services.demo.bulk.text_pools import Pools

_BATCH: Final = 5_000


def batches(plan: Plan, hashes: Mapping[str, str], phone_region: str, time_zone: str) -> Iterator[Batch]:
    """All rows of a plan, some thousands of one table at a time; ``hashes`` are those of the passwords.

    ``phone_region`` and ``time_zone`` are those of the CRM.
    """
    pools, written = Pools(), Written()
    people = People(pools, phone_region)
    rows = PeopleRows(plan, people, written, hashes, phone_region)
    yield from _cut("collaborator", rows.collaborators())
    yield from _cut("client", rows.clients())
    yield from DealRows(plan, pools, people, written, time_zone).batches()
    yield "total", _totals(plan)


def _totals(plan: Plan) -> list[Row]:
    figures = plan.figures
    counts = {
        "COLLABORATOR": len(plan.departments), "CLIENT": figures.live["client"],
        "CONTRACT": figures.live["contract"], "PAYMENT": figures.payments, "EVENT": figures.live["event"],
    }  # fmt: skip
    return [(kind, 0, count) for kind, count in counts.items()]


def _cut(table: str, rows: Iterator[Row]) -> Iterator[Batch]:
    while batch := list(islice(rows, _BATCH)):
        yield table, batch
