"""A whole list page by page is one state of the database, on both engines."""

import pytest

from models.enums import RecordKind
from models.read_models import ClientRead
from models.write_models import ClientUpdate
from services import clients
from services.list_reader import ListReader
from services.lists.query import ListQuery
from services.validation import build
from tests.support.records import Records


@pytest.mark.parametrize("query", [ListQuery(), ListQuery(sort="full_name"), ListQuery(search="person")])
def test_what_others_change_between_two_pages_neither_repeats_a_row_nor_hides_one(
    records: Records, query: ListQuery
) -> None:
    actor = records.people.commercial
    made = [records.client(full_name=f"Person {number:02}") for number in range(7)]
    reader: ListReader[ClientRead] = ListReader(records.crm, lambda: actor, RecordKind.CLIENT, query)
    pages = reader.pages(3)
    found = list(next(pages))
    # The last row of the first page moves to the end of the list, and a later one to its head.
    for moved, name in ((found[-1], "Zz person"), (made[-1], "Aa person")):
        clients.update_client(records.crm, actor, moved.id, build(ClientUpdate, {"full_name": name}))
    found += [row for page in pages for row in page]
    assert [row.full_name for row in found] == [f"Person {number:02}" for number in range(7)]


def test_an_empty_list_has_one_empty_page(records: Records) -> None:
    reader: ListReader[ClientRead] = ListReader(
        records.crm, lambda: records.people.commercial, RecordKind.CLIENT, ListQuery()
    )
    assert list(reader.pages(3)) == [[]]
