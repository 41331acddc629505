"""What the fields of a form offer and refuse before anything is saved."""

from textual.widgets import Input

from services.crm import Crm
from services.payments import list_payments
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui.screens.base.form import RecordForm
from tui.widgets.form.field import Field

pytestmark = sqlite_only  # nothing here depends on the kind of database


def field_of(driven: AppDriver, name: str) -> Field:
    screen = driven.app.screen
    assert isinstance(screen, RecordForm)
    return screen.values.field(name)


async def test_a_suggested_amount_gives_way_to_what_is_typed(
    driven: AppDriver, people: People, crm: Crm, records: Records
) -> None:
    contract = records.contract(total="1234.50")
    async with driven.signed_in(people.gestion):
        await driven.press("2", "p")
        assert field_of(driven, "amount").value == "1234.50"
        await driven.press("2", "0", "0", "ctrl+s")
        assert [str(payment.amount) for payment in list_payments(crm, people.gestion, contract.id)] == [
            "200.00"
        ]


async def test_every_field_at_fault_is_named_at_once(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n")
        driven.type_into("email", "not an address")
        driven.type_into("first_contact_date", "31/02/2026")
        await driven.press("ctrl+s")
        problems = {field.spec.name for field in driven.app.screen.query(Field) if field.problem}
        assert problems == {"full_name", "email", "first_contact_date"}


async def test_a_new_password_is_checked_as_one_leaves_it(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("P", "tab", *"short", "tab")
        assert field_of(driven, "new").problem
        await driven.press("x", "tab")
        assert field_of(driven, "again").problem == "The passwords do not match."


async def test_a_choice_takes_its_first_letter(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4", "n")
        department = field_of(driven, "department")
        department.control.focus()
        await driven.press("g")
        assert department.value == "GESTION"
        assert not isinstance(driven.app.focused, Input)


async def test_what_is_typed_as_a_form_opens_counts_as_typed(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("4")
        await driven.pilot.press("n", *"abcd")
        await driven.settle()
        assert field_of(driven, "username").value == "abcd"
        await driven.press("escape")
        assert driven.screen_name == "ConfirmScreen"
