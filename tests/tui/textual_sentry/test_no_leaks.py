"""What the application itself sends while people work, as each department, on the sample data.

They mistype passwords, search, edit, run into each other and into crashes that quote what they see. Nothing
that arrives may hold a personal value of the whole database, nor a password that was typed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
import sentry_sdk
from sqlalchemy import select
from sqlmodel import SQLModel
from textual.widgets import Input, TextArea
from textual.worker import WorkerFailed

from models.write_models import ClientUpdate, CollaboratorUpdate, EventUpdate
from services import clients, collaborators, events, files, monitoring
from services.demo import definitions
from services.monitoring import sdk as sentry_client
from services.monitoring import value_redaction
from services.monitoring.envelope import sanitizer
from services.monitoring.error_throttle import ErrorThrottle
from services.monitoring.user_feedback import send_feedback
from services.validation import build
from tests.support.app_driver import AppDriver, until
from tests.support.envelopes import EnvelopeRecorder
from tests.support.leak_detectors import Received, payloads, relay_errors, relay_finds, spooled
from tests.support.raw_input import Fingers
from tui.screens.base.form import RecordForm
from tui.screens.clients import ClientsScreen
from tui.screens.dialogs.record_picker import PickerScreen

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm
    from services.settings import Settings

PASSWORDS = {account.username: account.password for account in definitions.SAMPLE_ACCOUNTS}
WRONG = "Not my Passw0rd, sorry!"
TYPED = {
    "contact_person": "Philippine Quatrecents", "company": "Maison Quatrecents", "phone": "06 39 98 77 66",
    "location": "12 impasse des Quatrecents, Vouvray", "notes": "The bride is allergic to lobster.",
    "first_name": "Philippine", "last_name": "Quatrecents",
}  # fmt: skip
VIEW = "Fiançailles Quatrecents"
PAPER = "feuille-quatrecents.html"
TOLD = ("philippine@quatrecents.example", "06 39 98 55 44")
FEEDBACK = f"It fell over. I am at {TOLD[0]} or {TOLD[1]}"


@dataclass(frozen=True)
class Trade:
    """What one department does, from where it signs in."""

    username: str
    section: str
    search: str
    types: tuple[str, ...]
    write: Callable[[Crm, Actor, int], object]
    refused: str
    taken_email: str = ""


def _client(crm: Crm, actor: Actor, record: int) -> object:
    return clients.update_client(crm, actor, record, build(ClientUpdate, {"company": "Their Castle Ltd"}))


def _event(crm: Crm, actor: Actor, record: int) -> object:
    return events.update_event(crm, actor, record, build(EventUpdate, {"notes": "Their secret menu"}))


def _person(crm: Crm, actor: Actor, record: int) -> object:
    change = build(CollaboratorUpdate, {"first_name": "Theodora"})
    return collaborators.update_collaborator(crm, actor, record, change)


TRADES = (
    Trade("commercial1", "1", "kevin", ("company", "contact_person"), _client, "4", "john@ouick.example"),
    Trade("support1", "3", "ouick", ("location",), _event, "d"),
    Trade("admin", "4", "lindqvist", ("first_name", "phone"), _person, "3", "support1@epicevents.example"),
)


class Quoting(Exception):
    """Says all that it was about."""


async def press(driven: AppDriver, *keys: str) -> None:
    """Keys in a burst, and all that follows them."""
    fingers = Fingers(driven)
    fingers.press(*keys)
    await fingers.rest()
    await driven.settle()  # and what follows after a pause, such as the details of the record


@dataclass
class Work:
    """A person of one department at work, and what arrives of it."""

    settings: Settings
    recorder: EnvelopeRecorder
    trade: Trade
    driven: AppDriver = field(init=False)
    opened: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def until_it_crashes(self) -> AsyncIterator[None]:
        """The application, to be ended by a :class:`Quoting`."""
        self.driven = AppDriver(self.settings)
        with pytest.raises((Quoting, WorkerFailed)):
            async with self.driven.running():
                yield
        assert self.driven.app.guard.crash is not None
        assert isinstance(self.driven.app.guard.crash.error, Quoting)
        assert send_feedback(self.driven.app.guard.crash.event_id, FEEDBACK)
        monitoring.close_sentry()

    async def sign_in(self, password: str, username: str) -> None:
        """Type both, and Enter."""
        self.driven.fill("#username", username)
        self.driven.fill("#password", password)
        await press(self.driven, "enter")

    async def a_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Everything that one may do, until the form falls over with all that stands in it."""
        username, password = self.trade.username, PASSWORDS[self.trade.username]
        await self.sign_in(password, password)  # in the wrong box
        await self.sign_in(WRONG, username)
        await self.sign_in(password, username)
        await press(self.driven, "2", "enter", "escape", "3", "1", self.trade.refused)
        await self._look_around(monkeypatch)
        await press(self.driven, self.trade.section, "slash", *self.trade.search, "enter")
        await self._run_into_each_other()
        if self.trade.taken_email:
            await self._take_an_email()
        await press(self.driven, "e")
        monkeypatch.setattr(type(self._type("!")), "save", _falls_over)
        await press(self.driven, "ctrl+s")

    async def _look_around(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Today and a list from it, a filter kept under a name, values copied and opened, and papers."""
        await press(self.driven, "0", "down", "enter", "escape", "3", "f", "1", "f")
        await press(self.driven, *["down"] * len(self.driven.app.screen.choices), "up", "enter")  # type: ignore[attr-defined]
        await press(self.driven, "1", "1", *"launch", "enter", "v")
        self.driven.type_into("name", VIEW)
        await press(self.driven, "ctrl+s")
        assert VIEW in self.driven.text
        monkeypatch.setattr("tui.runtime.outside.has_desktop", lambda: True)
        monkeypatch.setattr("tui.runtime.outside.open_outside", lambda link: not self.opened.append(link))  # type: ignore[func-returns-value]
        await press(self.driven, "y", "1", "o", "1", "R", "1", "escape", "R", "2")
        self.driven.type_into("path", str(files.state_folder() / PAPER))
        await press(self.driven, "ctrl+s")
        assert (files.state_folder() / PAPER).is_file()
        assert self.opened
        await press(self.driven, "f", "1")

    async def _run_into_each_other(self) -> None:
        await press(self.driven, "e")
        form = self._type()
        self.trade.write(self.driven.app.crm, self.driven.app.actor, form.record.id)
        await press(self.driven, "ctrl+s")
        assert self.driven.screen_name == "ConflictScreen"
        await press(self.driven, "ctrl+s")

    async def _take_an_email(self) -> None:
        await press(self.driven, "e")
        self.driven.type_into("email", self.trade.taken_email)
        await press(self.driven, "ctrl+s")
        assert isinstance(self.driven.app.screen, RecordForm), "the email is somebody else's"
        await press(self.driven, "escape", "tab", "enter")

    def _type(self, more: str = "") -> Any:
        """Fill what this department may fill; the form."""
        form = self.driven.app.screen
        assert isinstance(form, RecordForm)
        for name in self.trade.types:
            self.driven.type_into(name, TYPED[name] + (more if name != "phone" else ""))
        for notes in form.query(TextArea):
            notes.text = TYPED["notes"] + more
        return form


def _falls_over(form: Any, *arguments: object, **named: object) -> None:
    typed = [field.value for field in form.query(Input)] + [notes.text for notes in form.query(TextArea)]
    error = Quoting(f"never saved: {', '.join(typed)} of {form.record}")
    error.add_note(f"{PASSWORDS['admin']!r} {form.record!r}")
    raise error


def _cannot_be_read(screen: Any, crm: Crm, actor: Actor, record: Any) -> Any:
    told = f"{record.full_name} of {record.company}, {record.email} or {record.phone}: {record!r}"
    try:
        raise KeyError(record.full_name)
    except KeyError as error:
        error.add_note(f"never found {told}")
        raise Quoting(f"never read {told}", record, {"password": WRONG}) from error


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[EnvelopeRecorder]:
    """An end for what the application sends."""
    monkeypatch.setattr(sentry_client, "_throttle", ErrorThrottle())
    recorder = EnvelopeRecorder()
    yield recorder
    monitoring.close_sentry()
    sentry_sdk.get_isolation_scope().clear()
    recorder.close()


@pytest.fixture(params=TRADES, ids=lambda trade: trade.username)
def work(request: pytest.FixtureRequest, demo_settings: Settings, recorder: EnvelopeRecorder) -> Work:
    """The work of a department, of which everything is told that Sentry can be told."""
    sentry = replace(demo_settings.sentry, dsn=recorder.dsn, traces_sample_rate=1.0, profiles_sample_rate=1.0)
    return Work(replace(demo_settings, sentry=sentry), recorder, request.param)


def personal_values(settings: Settings) -> set[str]:
    """Every personal value in the database, whole, and the parts by which somebody can be told."""
    from services.startup import open_crm

    crm = open_crm(settings)
    with crm.database.read() as connection:
        found = {
            str(value)
            for name in ("client", "collaborator", "event")
            for row in connection.execute(select(SQLModel.metadata.tables[name])).mappings()
            for value in _values(row)
            if value
        }
    crm.close()
    return {part for value in found for part in (value, *value.splitlines()) if len(part) > 3}


def _values(row: Any) -> Iterator[str | None]:
    if "full_name" in row:
        yield from (row["full_name"], row["contact_person"], row["company"], row["full_name"].split()[-1])
    elif "username" in row:
        yield from (row["last_name"], f"{row['first_name']} {row['last_name']}")
        yield row["password_hash"] if row["password_hash"].startswith("$") else None
    else:
        yield from (row["name"], row["location"], row["notes"])
    yield from (row.get("email"), row.get("phone"), row.get("phone_e164"))


# A database that refuses a value may quote it: one day is spent on PostgreSQL too.
@pytest.mark.parametrize(
    ("work", "database_kind"),
    [*((trade, "sqlite") for trade in TRADES), (TRADES[0], "postgresql")],
    indirect=True,
    ids=[*(trade.username for trade in TRADES), f"{TRADES[0].username}-postgresql"],
)
async def test_nothing_personal_arrives_of_a_day_of_work(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = personal_values(work.settings)
    async with work.until_it_crashes():
        await work.a_day(monkeypatch)
    monkeypatch.setattr(ClientsScreen, "links", _cannot_be_read)
    async with work.until_it_crashes():
        await work.sign_in(PASSWORDS[work.trade.username], work.trade.username)
    bodies = work.recorder.bodies
    fewest = {"event": 4, "transaction": 20, "session": 2, "feedback": 2, "profile_chunk": 1}
    assert [kind for kind, count in fewest.items() if len(payloads(bodies, kind)) < count] == []
    secrets |= personal_values(work.settings) | {
        WRONG,
        *PASSWORDS.values(),
        *TYPED.values(),
        *TOLD,
        VIEW,
        PAPER,
        *work.opened,
    }
    assert len(secrets) > 300
    for received in (Received.of(*bodies), Received.of(*spooled(files.state_folder()))):
        assert [secret for secret in sorted(secrets) if received.holds_in_any_form(secret)] == []
    assert relay_finds(bodies) == []
    sent = payloads(bodies, "event", "transaction", "feedback")
    assert [error for event in sent for error in relay_errors(event)] == []


@pytest.mark.parametrize("work", TRADES[:1], indirect=True)
async def test_the_search_finds_what_a_crash_says_where_nothing_is_masked(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanitizer, "sanitize_envelope", lambda envelope, lost: envelope)
    monkeypatch.setattr(value_redaction, "redact", str)
    monkeypatch.setattr(ClientsScreen, "links", _cannot_be_read)
    async with work.until_it_crashes():
        await work.sign_in(PASSWORDS[work.trade.username], work.trade.username)
    received = Received.of(*work.recorder.bodies)
    found = {value for value in personal_values(work.settings) if received.holds_in_any_form(value)}
    assert {"Amélie d'Orgeval", "amelie@dorgeval.example", "06 39 98 12 04"} <= found


async def test_what_stands_beside_the_list_in_a_picker_or_in_a_conflict_is_private_too(
    demo_settings: Settings,
) -> None:
    driven = AppDriver(demo_settings)
    async with driven.running():
        driven.fill("#username", "commercial1")
        driven.fill("#password", PASSWORDS["commercial1"])
        await press(driven, "enter", "slash", *"ouick", "enter")
        await _until_redacted("lost: John Ouick Wedding, a Wednesday", "lost: [REDACTED], a Wednesday")
        await press(driven, "e")
        driven.type_into("company", "My Castle")
        _client(driven.app.crm, driven.app.actor, driven.app.screen.record.id)  # type: ignore[attr-defined]
        await press(driven, "ctrl+s")
        await _until_redacted("lost: Their Castle Ltd, My Castle", "lost: [REDACTED], [REDACTED]")
        await press(driven, "escape", "escape", "tab", "enter", "3", "n", "enter")
        picker = driven.app.screen
        assert isinstance(picker, PickerScreen)
        await until(lambda: len(picker.private_values()) > 1)
        await _until_redacted(f"lost: {picker.private_values()[-2]}.", "lost: [REDACTED].")


async def _until_redacted(text: str, redacted: str) -> None:
    # Details and choices come a moment after the key.
    await until(lambda: value_redaction.redact(text) == redacted)
