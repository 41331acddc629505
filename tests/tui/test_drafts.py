"""The form that is open when the program stops is offered, as it was typed, when its author comes back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from models.shapes_write import ClientUpdate
from services import clients, contracts, drafts, events, payments, token_store
from services.crm import Crm
from services.drafts import Chosen
from services.errors import DatabaseUnavailable
from services.settings import Settings
from services.validation import build
from tests.support.coming_back import CRASH, Person
from tests.support.people import People
from tests.support.records import Records
from tests.support.screens import Driven
from tui.drafts import FORMS, OpenForm
from tui.screens.client_form import _FIELDS
from tui.screens.clients import ClientsScreen
from tui.screens.form import RecordForm
from tui.screens.password_fields import new_password, once_more
from tui.sections import section_named
from tui.widgets.field import Field
from tui.widgets.field_values import FieldValue

SECRET = "Pelicans & anvils 9"


def form_of(driven: Driven) -> RecordForm[Any]:
    screen = driven.app.screen
    assert isinstance(screen, RecordForm), driven.text
    return screen


def filled(driven: Driven, values: Mapping[str, FieldValue]) -> None:
    for name, value in values.items():
        form_of(driven).field(name).value = value


@pytest.fixture
def commercial(settings: Settings, people: People) -> Person:
    return Person(settings, people.commercial)


@pytest.fixture
def gestion(settings: Settings, people: People) -> Person:
    return Person(settings, people.gestion)


async def test_a_new_client_is_kept_offered_restored_saved_and_forgotten(
    commercial: Person, crm: Crm
) -> None:
    async with commercial.at_work() as driven:
        await driven.press("n")
        filled(driven, {"full_name": "Kévin [/bold] Casey", "phone": "06 12", "first_contact_date": "31/31"})
        await driven.press("f1")
        assert driven.screen_name == "HelpScreen", "the form is found beneath"
    assert driven.app.session.drafts.outcome() is OpenForm.KEPT

    async with commercial.back() as driven:
        assert driven.screen_name == "DraftQuestion"
        assert "New client · Kévin [/bold] Casey" in driven.text
        await driven.press("enter")
        form = form_of(driven)
        assert form.title_text() == "New client"
        assert form.unsaved
        assert (form.values()["phone"], form.values()["first_contact_date"]) == ("06 12", "31/31")
        await driven.press("end", *" II", "escape")
        assert driven.screen_name == "ConfirmScreen", "what was restored is not lost without a question"
        await driven.press("escape")
        filled(driven, {"phone": "", "first_contact_date": "", "email": "kevin@startup.io"})
        assert commercial.kept(), "still there until it is saved"
        await driven.press("ctrl+s")
        assert driven.current.full_name == "Kévin [/bold] Casey II"
        assert not commercial.kept()

    async with commercial.back() as driven:
        assert driven.screen_name == "ClientsScreen"
    assert clients.get_client(crm, commercial.actor, 1).email == "kevin@startup.io"


async def test_no_throws_it_away_and_esc_leaves_it_for_the_next_start(commercial: Person) -> None:
    commercial.left(full_name="x")
    async with commercial.back("escape") as driven:
        assert driven.screen_name == "ClientsScreen"
        assert commercial.kept()
    async with commercial.back("left", "enter") as driven:
        assert driven.screen_name == "ClientsScreen", "the button in the middle says later"
        assert commercial.kept()
    async with commercial.back("left", "left", "enter") as driven:
        assert driven.screen_name == "ClientsScreen"
        assert not commercial.kept()


async def test_leaving_the_restored_form_throws_it_away_and_another_crash_keeps_it_anew(
    commercial: Person,
) -> None:
    commercial.left(full_name="x")
    first = commercial.kept()
    async with commercial.at_work() as driven:
        await driven.press("enter", "end", "y")
    assert first
    assert commercial.kept()
    assert commercial.kept()["id"] != first["id"]
    assert commercial.kept()["values"]["full_name"] == "xy"
    async with commercial.back("enter", "escape", "tab", "enter") as driven:
        assert driven.screen_name == "ClientsScreen"
        assert not commercial.kept()


async def test_an_old_record_keeps_its_version_and_ends_in_the_conflict_screen(
    commercial: Person, crm: Crm, records: Records
) -> None:
    client = records.client(full_name="Anna", company="Old")
    async with commercial.at_work() as driven:
        await driven.press("e")
        filled(driven, {"company": "Mine", "contact_person": "Me"})
    theirs = build(ClientUpdate, {"company": "Theirs", "full_name": "Anna B."})
    clients.update_client(crm, commercial.actor, client.id, theirs)
    async with commercial.back("enter") as driven:
        assert form_of(driven).values()["full_name"] == "Anna", "as it was when the form was opened"
        await driven.press("ctrl+s")
        assert driven.screen_name == "ConflictScreen"
        assert "Mine" in driven.text
        assert "Theirs" in driven.text
        await driven.press("down", "t", "ctrl+s")
        assert driven.screen_name == "ClientsScreen"
    saved = clients.get_client(crm, commercial.actor, client.id)
    assert (saved.full_name, saved.company, saved.contact_person) == ("Anna B.", "Theirs", "Me")
    assert not commercial.kept()


async def test_an_old_record_that_nobody_changed_is_saved_as_typed(
    commercial: Person, crm: Crm, records: Records
) -> None:
    client = records.client(full_name="Anna", company="Old")
    commercial.left(record=client, company="Mine")
    async with commercial.back("enter", "ctrl+s") as driven:
        assert driven.screen_name == "ClientsScreen"
    assert clients.get_client(crm, commercial.actor, client.id).company == "Mine"


async def test_a_password_never_reaches_the_file(gestion: Person, home: Any) -> None:
    async with gestion.at_work() as driven:
        await driven.press("4", "n")
        filled(driven, {"username": "new_one", "password": SECRET})
    assert gestion.kept()
    assert gestion.kept()["values"]["username"] == "new_one"
    assert "password" not in {*gestion.kept()["values"], *gestion.kept()["base"], *gestion.kept()["stored"]}
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert SECRET.encode() not in everything
    assert json.dumps(SECRET).encode() not in everything
    async with gestion.back("enter") as driven:
        assert "type them again" in driven.notices
        assert form_of(driven).values()["username"] == "new_one"
        assert not form_of(driven).values()["password"]


@pytest.mark.parametrize("keys", [("P",), ("4", "W")], ids=["one's own", "a colleague's"])
async def test_a_form_of_passwords_alone_is_never_kept(gestion: Person, keys: tuple[str, ...]) -> None:
    async with gestion.at_work() as driven:
        await driven.press(*keys)
        filled(driven, {"new": SECRET})
    assert not gestion.kept()
    assert driven.app.session.drafts.outcome() is OpenForm.LOST


@pytest.mark.parametrize("keys", [("n",), ("e",)], ids=["a new one", "an old record"])
async def test_nothing_typed_leaves_nothing_behind(
    commercial: Person, records: Records, keys: tuple[str, ...]
) -> None:
    records.client()
    async with commercial.at_work() as driven:
        await driven.press(*keys)
    assert not commercial.kept()
    assert driven.app.session.drafts.outcome() is OpenForm.NONE


async def test_another_person_is_offered_nothing(commercial: Person, people: People) -> None:
    commercial.left(full_name="x")
    async with Person(commercial.settings, people.other_commercial).back() as driven:
        assert driven.screen_name == "ClientsScreen"
    assert commercial.kept()


async def test_a_session_that_is_resumed_is_offered_the_form_too(commercial: Person) -> None:
    async with commercial.at_work() as driven:
        await driven.press("n", "x")
    again = Driven(commercial.settings, {"token": token_store.load(commercial.settings)})
    async with again.running():
        assert again.screen_name == "DraftQuestion"


async def test_keys_typed_ahead_of_the_question_do_not_throw_the_form_away(commercial: Person) -> None:
    commercial.left(full_name="x")
    async with commercial.back(*"dnyq", "enter", "escape"):
        pass
    assert commercial.kept()


async def test_a_record_that_is_gone_is_said_in_a_sentence_and_no_form_opens(
    commercial: Person, crm: Crm, records: Records
) -> None:
    client = records.client(full_name="Anna")
    commercial.left(record=client, company="Mine")
    clients.trash_client(crm, commercial.actor, client.id)
    async with commercial.back("enter") as driven:
        assert driven.screen_name == "MessageScreen"
        assert "trash" in driven.text
        assert "thrown away" in driven.text
        assert not commercial.kept()
        await driven.press("enter")
        assert driven.screen_name == "ClientsScreen"


async def test_who_may_no_longer_change_the_record_is_told_so(
    commercial: Person, people: People, crm: Crm, records: Records
) -> None:
    client = records.client(full_name="Anna")
    commercial.left(record=client, company="Mine")
    to_another = ClientUpdate(sales_contact_id=people.other_commercial.id)
    clients.update_client(crm, people.gestion, client.id, to_another)
    async with commercial.back("enter") as driven:
        assert driven.screen_name == "MessageScreen"
        assert "sales contact in Commercial may change" in " ".join(driven.text.split())
        assert not commercial.kept()


async def test_a_contract_signed_meanwhile_is_not_signed_again(
    gestion: Person, crm: Crm, records: Records
) -> None:
    contract = records.contract()
    gestion.left("SignForm", contract, signed_on="2027-01-02")
    contracts.sign_contract(crm, gestion.actor, contract.id)
    async with gestion.back("enter") as driven:
        assert "signed already" in driven.text


async def test_a_form_that_this_program_does_not_know_is_thrown_away(commercial: Person) -> None:
    odd = drafts.Draft("OtherForm", "Odd", {"a": "b"}, {"a": ""}, {})
    drafts.keep(commercial.settings, commercial.actor, odd)
    async with commercial.back("enter") as driven:
        assert driven.screen_name == "MessageScreen"
        assert not commercial.kept()


async def test_a_database_that_is_out_of_reach_costs_no_draft(
    commercial: Person, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*arguments: object) -> Any:
        raise DatabaseUnavailable

    commercial.left(record=records.client(), company="Mine")
    monkeypatch.setattr(ClientsScreen, "SERVICES", replace(ClientsScreen.SERVICES, get=gone))
    async with commercial.back("enter") as driven:
        assert driven.screen_name == "ClientsScreen"
        assert commercial.kept()


async def test_a_form_that_fails_is_kept_as_far_as_it_can_be_read_and_hides_no_crash(
    commercial: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with commercial.at_work() as driven:
        await driven.press("n")
        filled(driven, {"full_name": "Kévin", "company": "Startup"})
        form_of(driven).field("company").remove_children()
        await driven.settle()
        monkeypatch.setattr(type(form_of(driven)), "title_text", lambda form: 1 // 0)
    assert commercial.kept()
    assert commercial.kept()["values"]["full_name"] == "Kévin"
    assert "company" not in commercial.kept()["values"]
    assert driven.app.crash is not None
    assert driven.app.crash.error is CRASH


async def test_a_draft_that_cannot_be_written_hides_no_crash(
    commercial: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*arguments: object) -> None:
        raise OSError("no room on the device")

    monkeypatch.setattr(drafts, "write_private", no_room)
    async with commercial.at_work() as driven:
        await driven.press("n", "x")
        driven.app.session.drafts.keep()
    assert driven.app.session.drafts.outcome() is OpenForm.LOST
    assert driven.app.crash is not None
    assert driven.app.crash.error is CRASH


async def test_what_was_saved_while_the_program_stopped_is_not_offered_again(
    commercial: Person, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with commercial.at_work() as driven:
        await driven.press("n")
        filled(driven, {"full_name": "Kévin", "email": "kevin@startup.io"})
        form = form_of(driven)
        monkeypatch.setattr(form, "after_save", lambda record: None)  # the answer never arrives
        await driven.press("ctrl+s")
        assert form.is_saved
    assert driven.app.session.drafts.outcome() is OpenForm.SAVED
    assert not commercial.kept()


async def test_a_form_that_was_being_saved_says_so(commercial: Person) -> None:
    commercial.left(full_name="x", saving=True)
    async with commercial.back() as driven:
        assert "look first whether it is there" in " ".join(driven.text.split())


async def test_a_payment_comes_back_with_its_contract(gestion: Person, crm: Crm, records: Records) -> None:
    contract = records.contract()
    async with gestion.at_work() as driven:
        await driven.press("2", "p")
        filled(driven, {"amount": "1.00"})
    async with gestion.back("enter") as driven:
        assert type(form_of(driven)).__name__ == "PaymentForm"
        assert form_of(driven).values()["amount"] == "1.00"
        await driven.press("ctrl+s")
        assert not gestion.kept(), driven.text
    assert [payment.amount for payment in payments.list_payments(crm, gestion.actor, contract.id)] == [1]


async def test_a_chosen_record_comes_back_as_chosen(
    gestion: Person, crm: Crm, records: Records, people: People
) -> None:
    event, support = records.event(records.contract(signed=True)), people.support
    gestion.left("AssignForm", event, support_contact_id=Chosen(support.id, support.full_name))
    async with gestion.back("enter") as driven:
        assert support.full_name in driven.text
        await driven.press("ctrl+s")
        assert not gestion.kept(), driven.text
    assert events.get_event(crm, gestion.actor, event.id).support_contact_id == support.id


def test_every_form_of_a_record_can_be_opened_again_and_none_of_passwords_alone() -> None:
    known = set()
    for module in (
        "client_form",
        "contract_form",
        "event_form",
        "team_form",
        "change_password",
        "set_up_form",
    ):
        for name, each in vars(import_module(f"tui.screens.{module}")).items():
            if isinstance(each, type) and issubclass(each, RecordForm) and not name.startswith("_"):
                known.add(name)
    assert known - FORMS.keys() == {"RecordForm", "SetPasswordForm", "ChangePasswordScreen", "SetUpForm"}
    assert FORMS.keys() <= known
    for name, kind in FORMS.items():
        assert issubclass(getattr(import_module(kind.module), name), RecordForm)
        assert section_named(kind.section)


def test_a_field_of_a_password_is_secret_and_no_other_is() -> None:
    assert all(Field(spec, "").is_secret for spec in (new_password("new", "New"), once_more("new")))
    assert not any(Field(spec, "").is_secret for spec in _FIELDS)
