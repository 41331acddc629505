"""The form that is open when the program stops is offered, as it was typed, when its author comes back."""

import errno
import json
import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from models.write_models import ClientUpdate
from services import clients, contracts, drafts, events, payments
from services.auth import token_store
from services.crm import Crm
from services.draft_owner import Owner
from services.drafts import Chosen
from services.errors import DatabaseUnavailable
from services.settings import Settings
from services.validation import build
from tests.support.accounts import People
from tests.support.app_driver import AppDriver, until
from tests.support.crash_recovery import CRASH, Person
from tests.support.records import Records
from tui.form_recovery.form_kinds import FORMS
from tui.form_state import OpenForm
from tui.screens.account.password_fields import new_password, repeated_password
from tui.screens.base.form import RecordForm
from tui.screens.base.form_saving import KEEP_AFTER
from tui.screens.client_form import _FIELDS, ClientForm
from tui.screens.clients import ClientsScreen
from tui.screens.collaborator_form import CollaboratorForm
from tui.sections import section_named
from tui.widgets.form.field import Field
from tui.widgets.form.field_spec import FieldValue

SECRET = "Pelicans & anvils 9"


@pytest.fixture
def database_kind() -> str:
    """Drafts are files of this computer, whatever kind the database is of."""
    return "sqlite"


def form_of(driven: AppDriver) -> RecordForm[Any]:
    screen = driven.app.screen
    assert isinstance(screen, RecordForm), driven.text
    return screen


def filled(driven: AppDriver, values: Mapping[str, FieldValue]) -> None:
    for name, value in values.items():
        form_of(driven).values.field(name).value = value


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
    assert driven.app.session.drafts.shutdown.outcome() is OpenForm.KEPT

    async with commercial.back() as driven:
        assert driven.screen_name == "DraftQuestion"
        assert "New client · Kévin [/bold] Casey" in driven.text
        await driven.press("enter")
        form = form_of(driven)
        assert form.title_text() == "New client"
        assert form.unsaved
        assert (form.values.now()["phone"], form.values.now()["first_contact_date"]) == ("06 12", "31/31")
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
        assert form_of(driven).values.now()["full_name"] == "Anna", "as it was when the form was opened"
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
        assert form_of(driven).values.now()["username"] == "new_one"
        assert not form_of(driven).values.now()["password"]


@pytest.mark.parametrize("keys", [("P",), ("4", "W")], ids=["one's own", "a colleague's"])
async def test_a_form_of_passwords_alone_is_never_kept(gestion: Person, keys: tuple[str, ...]) -> None:
    async with gestion.at_work() as driven:
        await driven.press(*keys)
        filled(driven, {"new": SECRET})
    assert not gestion.kept()
    assert driven.app.session.drafts.shutdown.outcome() is OpenForm.LOST


@pytest.mark.parametrize("keys", [("n",), ("e",)], ids=["a new one", "an old record"])
async def test_nothing_typed_leaves_nothing_behind(
    commercial: Person, records: Records, keys: tuple[str, ...]
) -> None:
    records.client()
    async with commercial.at_work() as driven:
        await driven.press(*keys)
    assert not commercial.kept()
    assert driven.app.session.drafts.shutdown.outcome() is OpenForm.NONE


async def test_another_person_is_offered_nothing(commercial: Person, people: People) -> None:
    commercial.left(full_name="x")
    async with Person(commercial.settings, people.other_commercial).back() as driven:
        assert driven.screen_name == "ClientsScreen"
    assert commercial.kept()


async def test_a_session_that_is_resumed_is_offered_the_form_too(commercial: Person) -> None:
    async with commercial.at_work() as driven:
        await driven.press("n", "x")
    again = AppDriver(commercial.settings, {"token": token_store.load(commercial.settings)})
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
        assert "Your input stays kept" in " ".join(driven.text.split())
        assert commercial.kept()
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
        assert commercial.kept(), "a client may be given back; who typed decides when it goes"


async def test_a_contract_signed_meanwhile_is_not_signed_again(
    gestion: Person, crm: Crm, records: Records
) -> None:
    contract = records.contract()
    gestion.left("SignForm", contract, signed_on="2027-01-02")
    contracts.sign_contract(crm, gestion.actor, contract.id)
    async with gestion.back("enter") as driven:
        assert "signed already" in driven.text


async def test_a_form_that_this_program_does_not_know_is_said_and_stays_for_one_that_does(
    commercial: Person,
) -> None:
    odd = drafts.Draft("OtherForm", "Odd", {"a": "b"}, {"a": ""}, {})
    drafts.keep(commercial.settings, commercial.actor, odd)
    async with commercial.back("enter") as driven:
        assert driven.screen_name == "MessageScreen"
        assert commercial.kept()


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
        form_of(driven).values.field("company").remove_children()
        await driven.settle()
        monkeypatch.setattr(type(form_of(driven)), "title_text", lambda form: 1 // 0)
    assert commercial.kept()
    assert commercial.kept()["values"]["full_name"] == "Kévin"
    assert "company" not in commercial.kept()["values"]
    assert driven.app.guard.crash is not None
    assert driven.app.guard.crash.error is CRASH


def test_a_change_is_on_its_way_to_the_disk_well_within_a_second() -> None:
    assert 0 < KEEP_AFTER <= 0.5


@pytest.mark.parametrize("name", ["full_name", "first_contact_date", "phone"])
async def test_what_is_typed_is_kept_by_itself_and_what_is_typed_later_too(
    commercial: Person, name: str
) -> None:
    async with commercial.at_work() as driven:
        await driven.press("n")
        form_of(driven).values.field(name).control.focus()
        await driven.press("x")
        await until(lambda: commercial.kept().get("values", {}).get(name) == "x")
        await driven.press("y")
        await until(lambda: commercial.kept()["values"][name] == "xy")
        assert len(commercial.files()) == 1
        assert stat.S_IMODE(commercial.files()[0].stat().st_mode) == 0o600


async def test_a_choice_and_notes_are_kept_by_themselves(
    gestion: Person, people: People, records: Records
) -> None:
    event = records.event(records.contract(signed=True), support=people.support)
    async with gestion.at_work() as driven:
        await driven.press("4", "n")
        form_of(driven).values.field("department").control.focus()
        await driven.press("s")
        await until(lambda: gestion.kept().get("values", {}).get("department") == "SUPPORT")
        await driven.press("escape", "tab", "enter")
    support = Person(gestion.settings, people.support)
    async with support.at_work() as driven:
        await driven.press("3", "e")
        form_of(driven).values.field("notes").control.focus()
        await driven.press("ctrl+end", "z")
        await until(lambda: support.kept().get("values", {}).get("notes") == f"{event.notes}z")


async def test_nothing_is_kept_of_a_form_that_is_taken_back_saved_or_left(
    commercial: Person, records: Records
) -> None:
    records.client()
    async with commercial.at_work() as driven:
        await driven.press("n", "x")
        await until(commercial.kept)
        await driven.press("backspace")
        await until(lambda: not commercial.files())
        await driven.press("y")
        await until(commercial.kept)
        await driven.press("escape", "tab", "enter")
        assert not commercial.files()
        await driven.press("e", "end", "z")
        await until(commercial.kept)
        await driven.press("ctrl+s")
        assert driven.screen_name == "ClientsScreen"
        assert not commercial.files()


async def test_quitting_without_saving_leaves_nothing_behind(commercial: Person) -> None:
    driven = AppDriver(commercial.settings)
    async with driven.signed_in(commercial.actor):
        await driven.press("n", "x")
        await until(commercial.kept)
        await driven.press("ctrl+q", "tab", "enter")
    assert not list(drafts.folder().iterdir())
    assert not list((drafts.folder().parent / "running").iterdir()), "nothing is held either"


async def test_a_password_is_in_no_state_that_is_written_while_one_types(gestion: Person) -> None:
    async with gestion.at_work() as driven:
        await driven.press("4", "n")
        filled(driven, {"username": "new_one", "password": SECRET})
        await until(lambda: gestion.kept().get("values", {}).get("username") == "new_one")
        filled(driven, {"last_name": "One"})
        await until(lambda: gestion.kept()["values"]["last_name"] == "One")
        assert SECRET not in json.dumps(gestion.kept(), ensure_ascii=False)
        assert "password" not in gestion.kept()["values"]


async def test_a_disk_without_room_is_said_once_and_costs_nothing_else(
    commercial: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(drafts, "write_private", no_room)
    driven = AppDriver(commercial.settings)
    async with driven.signed_in(commercial.actor):
        await driven.press("n", "x")
        await until(lambda: "There is no space left for" in driven.notices)
        assert str(drafts.folder()) in driven.notices
        driven.app.clear_notifications()
        await driven.press("y")
        await until(lambda: form_of(driven).draft._timer is None)
        await driven.settle()
        assert not driven.notices
        filled(driven, {"email": "kevin@startup.io"})
        await driven.press("ctrl+s")
        assert driven.current.full_name == "xy"


async def test_a_folder_that_cannot_be_made_is_named(commercial: Person) -> None:
    drafts.folder().parent.mkdir(parents=True, exist_ok=True)
    drafts.folder().write_text("a file in the place of the folder")
    driven = AppDriver(commercial.settings)
    async with driven.signed_in(commercial.actor):
        await driven.press("n", "x")
        await until(lambda: f"{drafts.folder()} cannot be used" in driven.notices)


async def test_what_is_being_saved_is_marked_before_the_database_is_asked(
    commercial: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def create(*arguments: object) -> Any:
        seen.append(commercial.kept()["saving"])
        raise DatabaseUnavailable

    monkeypatch.setattr(ClientForm, "USE_CASES", replace(ClientForm.USE_CASES, create=create))
    driven = AppDriver(commercial.settings)
    async with driven.signed_in(commercial.actor):
        await driven.press("n")
        filled(driven, {"full_name": "Kévin", "email": "kevin@startup.io"})
        await driven.press("ctrl+s")
        assert seen == [True]
        await until(lambda: commercial.kept()["saving"] is False)


async def test_several_are_listed_the_newest_first_and_the_others_offered_afterwards(
    commercial: Person,
) -> None:
    for name in ("oldest", "between", "newest"):
        commercial.left(full_name=name)
    async with commercial.back() as driven:
        places = [driven.text.index(f"New client · {name}") for name in ("newest", "between", "oldest")]
        assert places == sorted(places)
        await driven.press("down", "enter")
        assert form_of(driven).values.now()["full_name"] == "between"
        await driven.press("escape", "tab", "enter")
        assert driven.screen_name == "DraftQuestion"
        assert "between" not in driven.text
        await driven.press("down", "left", "left", "enter")
        assert "oldest" not in driven.text
        assert "New client · newest" in driven.text, "one that is left is shown by itself"
        await driven.press("escape")
        assert [commercial.kept()["values"]["full_name"]] == ["newest"]
        assert len(commercial.files()) == 1


async def test_a_form_that_another_terminal_still_holds_is_not_offered(commercial: Person) -> None:
    owner = Owner()
    draft = drafts.Draft("ClientForm", "New client", {"full_name": "x"}, {"full_name": ""}, {})
    drafts.DraftFile(commercial.settings, commercial.actor, owner).write(draft, 1)
    async with commercial.back() as driven:
        assert driven.screen_name == "ClientsScreen"
    owner.release()
    async with commercial.back() as driven:
        assert driven.screen_name == "DraftQuestion"


async def test_a_form_that_another_terminal_took_meanwhile_is_not_opened_twice(commercial: Person) -> None:
    commercial.left(full_name="x")
    async with commercial.back() as driven:
        [draft], owner = drafts.waiting(commercial.settings, commercial.actor), Owner()
        drafts.claim(commercial.settings, commercial.actor, draft, owner)
        await driven.press("enter")
        assert driven.screen_name == "MessageScreen"
        assert "open in another terminal" in " ".join(driven.text.split())
        owner.release()


async def test_a_record_of_the_same_number_in_another_database_is_not_written_over(
    commercial: Person, records: Records
) -> None:
    client = records.client(full_name="Anna")
    commercial.left(record=replace(client, created=client.created - timedelta(days=1)), company="Mine")
    async with commercial.back("enter") as driven:
        assert driven.screen_name == "MessageScreen"
        assert "The database was replaced in the meantime" in " ".join(driven.text.split())


async def test_two_forms_one_upon_the_other_are_both_kept(gestion: Person, records: Records) -> None:
    records.client()
    async with gestion.at_work() as driven:
        await driven.press("4", "n", *"first")
        driven.app.push_screen(CollaboratorForm())
        await driven.settle()
        await driven.press(*"second")
    assert driven.app.session.drafts.shutdown.outcome() is OpenForm.KEPT
    names = {json.loads(path.read_text())["values"]["username"] for path in gestion.files()}
    assert names == {"first", "second"}


async def test_a_draft_that_cannot_be_written_hides_no_crash(
    commercial: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*arguments: object) -> None:
        raise OSError("no room on the device")

    monkeypatch.setattr(drafts, "write_private", no_room)
    async with commercial.at_work() as driven:
        await driven.press("n", "x")
    assert driven.app.session.drafts.shutdown.outcome() is OpenForm.LOST
    assert driven.app.guard.crash is not None
    assert driven.app.guard.crash.error is CRASH


async def test_what_was_saved_while_the_program_stopped_is_not_offered_again(
    commercial: Person, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with commercial.at_work() as driven:
        await driven.press("n")
        filled(driven, {"full_name": "Kévin", "email": "kevin@startup.io"})
        form = form_of(driven)
        monkeypatch.setattr(form, "after_save", lambda record: None)  # the answer never arrives
        await driven.press("ctrl+s")
        assert form.saving.is_done
    assert driven.app.session.drafts.shutdown.outcome() is OpenForm.SAVED
    assert not commercial.kept()


async def test_a_form_that_was_being_saved_says_so(commercial: Person) -> None:
    commercial.left(full_name="x", saving=True)
    async with commercial.back() as driven:
        assert "It was being saved when the program stopped" in " ".join(driven.text.split())


async def test_a_payment_comes_back_with_its_contract(gestion: Person, crm: Crm, records: Records) -> None:
    contract = records.contract()
    async with gestion.at_work() as driven:
        await driven.press("2", "p")
        filled(driven, {"amount": "1.00"})
    async with gestion.back("enter") as driven:
        assert type(form_of(driven)).__name__ == "PaymentForm"
        assert form_of(driven).values.now()["amount"] == "1.00"
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
        "collaborator_form",
        "note_form",
        "task_form",
        "account.change_password",
        "account.setup_form",
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
    assert all(Field(spec, "").is_secret for spec in (new_password("new", "New"), repeated_password("new")))
    assert not any(Field(spec, "").is_secret for spec in _FIELDS)


async def test_signing_out_tells_the_truth_about_a_form_left_for_later(commercial: Person) -> None:
    commercial.left(full_name="x")
    async with commercial.back("escape", "L") as driven:
        assert "The form that you left for later stays" in " ".join(driven.text.split())
        assert "No personal data" not in driven.text
    async with commercial.back("left", "left", "enter", "L") as driven:
        assert "No personal data is left" in " ".join(driven.text.split())
