"""Every screen as text, at two sizes and in both languages: what changes in one shows in a diff.

``make snapshots`` draws them anew. The sample data are those of a fixed day; what depends on the real day is
masked.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.theme import Theme
from textual.widgets import Button

from models.tables import SecurityAlert
from models.write_models import ContractUpdate
from services import contracts, drafts, events, formats, i18n, labels, tasks, telemetry, today
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.demo import definitions
from services.demo.writer import fill
from services.drafts import Draft
from services.monitoring import SentryStatus, local_counters
from services.monitoring.status import SentItem, TelemetryReport
from services.settings import Settings
from services.settings.variables import default_release
from services.startup import open_crm
from services.unit_of_work import ReadContext
from tests.support.app_driver import AppDriver
from tests.support.contrast import weak_parts
from tests.support.crm import settings_for
from tests.support.databases import PostgresDatabases
from tui.form_state import OpenForm
from tui.runtime.crash_reporting import Crash
from tui.screens.crash import CrashApp
from tui.themes import THEMES
from tui.widgets.footer import KeyBar

TODAY: Final = date(2026, 9, 16)
SIZES: Final = ((80, 24), (140, 40))
PASSWORDS: Final = {account.username: account.password for account in definitions.SAMPLE_ACCOUNTS}

# Keys from the list of clients to a screen, and its name; each walk goes on where the one before it stopped.
Walk = Sequence[tuple[str, tuple[str, ...]]]
GESTION: Final[Walk] = (
    ("clients of gestion", ()),
    ("details in focus", ("enter",)),
    ("help", ("question_mark",)),
    ("palette", ("escape", "ctrl+p")),
    ("filter menu", ("escape", "escape", "f")),
    ("filter builder", ("3", "5", "7")),
    ("sort menu", ("escape", "tab", "enter", "s")),
    ("columns", ("escape", "H", "j", "J")),
    ("copy menu", ("escape", "y")),
    ("preferences", ("escape", "M")),
    ("list alone", ("escape", "w")),
    ("details alone", ("w",)),
    ("reassign form", ("w", "a")),
    ("picker", ("enter",)),
    ("contracts", ("escape", "escape", "2")),
    ("new contract", ("n",)),
    ("edit contract", ("escape", "e")),
    ("events", ("escape", "3")),
    ("assign form", ("a",)),
    ("agenda of a week", ("escape", "slash", *"kouassi", "enter", "down", "A")),
    ("agenda of a month", ("v",)),
    ("agenda of a day", ("v",)),
    ("papers of an event", ("escape", "R")),
    ("run sheet", ("1",)),
    ("settings", ("escape", "C")),
    ("team", ("escape", "4")),
    ("new collaborator", ("n",)),
    ("edit collaborator", ("escape", "e")),
    ("new password of a collaborator", ("escape", "W")),
    ("note on a collaborator", ("escape", "N")),
    ("leave form", ("escape", "slash", *"hastroff", "enter", "d")),
    ("journal", ("escape", "5")),
    ("telemetry without sentry", ("6",)),
    # The list beside the first figure depends on the real day; that of the last part does not.
    ("today of gestion", ("escape", "0", "shift+tab")),
)
COMMERCIAL: Final[Walk] = (
    ("clients", ()),
    ("refusal", ("4",)),
    ("new client", ("n",)),
    ("new client with problems", ("tab", "tab", *"nobody", "ctrl+s")),
    ("unsaved changes", ("escape",)),
    ("nothing found", ("tab", "enter", "slash", *"zzz")),
    ("unsigned contracts", ("escape", "2", "f", "3")),
    ("chain", ("c",)),
    ("sign form", ("escape", "S")),
    ("unpaid contracts", ("escape", "f", "4")),
    ("payment form", ("p",)),
    ("new event", ("escape", "3", "n")),
    ("trash question", ("escape", "3", "f", "2", "d")),
    ("change password", ("escape", "P")),
    ("sign out question", ("escape", "L")),
    ("today of commercial", ("escape", "0", "shift+tab")),
)
SUPPORT: Final[Walk] = (
    ("my events", ("3", "f", "2")),
    ("edit event", ("e",)),
    ("new note", ("escape", "N")),
    ("new task", ("escape", "t")),
    ("my tasks", ("escape", "7")),
    ("all tasks", ("f", "6")),
    ("notes", ("8",)),
    ("today of support", ("0", "tab")),
)
_SAMPLE: Final[list[bytes]] = []
"""The database of sample data, filled once in each process that runs tests."""
WALKS: Final = {"admin": GESTION, "commercial1": COMMERCIAL, "support1": SUPPORT}


class Picture(SingleFileSnapshotExtension):
    """One readable file for each screen."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@dataclass
class Gallery:
    """Compares what is on screen with the picture of that name."""

    snapshot: SnapshotAssertion
    size: tuple[int, int]

    def check(self, driven: AppDriver, name: str) -> None:
        """The picture is as it was, no line is too long, and the key bar is whole."""
        picture = _drawn(driven, name, self.size[1])
        assert picture == self.snapshot(name=name.replace(" ", "-"))
        assert not weak_parts(driven.app), name


def _drawn(driven: AppDriver, name: str, height: int) -> str:
    lines = _masked(driven.text).split("\n")
    assert len(lines) == height
    for bar in driven.app.screen.query(KeyBar):
        assert bar.region.bottom == height, name
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _masked(text: str) -> str:
    day = date.today()  # noqa: DTZ011 - the zone of the tests is that of their CRM
    # Of another length every day; with the spaces behind it, of the same.
    words = re.compile(re.escape(formats.say_date(day)) + " *")
    text = words.sub(lambda found: "(today in words)".ljust(len(found[0])), text)
    today = re.escape(formats.show_date(day))
    release = re.escape(default_release())
    text = re.sub(rf"{release}|{today}( \d\d:\d\d)?", lambda found: re.sub(r"\d", "#", found[0]), text)
    # The folders of a test have other names at each run, of the same length.
    return re.sub(r"/\S+(?=/demo\.db)", lambda found: re.sub(r"[^/]", "#", found[0]), text)


@pytest.fixture(autouse=True)
def _evening_of_the_fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages of notes, overdue tasks, late links and the next event are those of the fixed day."""
    evening = datetime(TODAY.year, TODAY.month, TODAY.day, 20, tzinfo=UTC)
    show_age, is_overdue = formats.show_age, tasks.is_overdue
    monkeypatch.setattr(formats, "show_age", lambda moment, _now: show_age(moment, evening))
    monkeypatch.setattr(tasks, "is_overdue", lambda task, _now: is_overdue(task, evening))
    monkeypatch.setattr(labels, "_now", lambda: evening)
    monkeypatch.setattr(events, "_day_of", lambda _moment: TODAY)
    monkeypatch.setattr(today, "read_today", lambda crm, actor: _today_on(crm, actor, evening))


def _today_on(crm: Crm, actor: Actor, moment: datetime) -> today.Today:
    with crm.database.read() as connection:
        return today.today_at(ReadContext(connection, actor, moment), TODAY)


@pytest.fixture
def database_kind() -> str:
    """The pictures are those of SQLite; on PostgreSQL one test compares with the same."""
    return "sqlite"


@pytest.fixture(params=["en_GB", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    i18n.activate(request.param)
    return str(request.param)


@pytest.fixture(params=SIZES, ids=["80x24", "140x40"])
def gallery(request: pytest.FixtureRequest, snapshot: SnapshotAssertion, language: str) -> Gallery:
    return Gallery(snapshot.use_extension(Picture), request.param)


@pytest.fixture
def sample(home: Path, monkeypatch: pytest.MonkeyPatch) -> AppDriver:
    """The application on the sample data of the fixed day, not yet running; a slow machine does not show."""
    monkeypatch.setattr(local_counters, "count", lambda _kind: None)
    settings = _sample_settings(home)
    return AppDriver(settings, {"sample_accounts": definitions.SAMPLE_ACCOUNTS})


def _sample_settings(home: Path) -> Settings:
    settings = settings_for(f"sqlite:///{home}/demo.db", home)
    if not _SAMPLE:
        _filled(settings)
        _SAMPLE.append((home / "demo.db").read_bytes())
    (home / "demo.db").write_bytes(_SAMPLE[0])
    return settings


def _filled(settings: Settings) -> Settings:
    crm = open_crm(settings, create=True)
    fill(crm, today=TODAY)
    crm.close()
    return settings


@pytest.mark.parametrize("username", WALKS)
async def test_the_screens_of_a_department_look_as_they_did(
    sample: AppDriver, gallery: Gallery, username: str
) -> None:
    async with sample.running(gallery.size) as driven:
        async for name in _walked(driven, username):
            gallery.check(driven, name)


@pytest.mark.parametrize("username", WALKS)
async def test_the_screens_of_a_department_look_the_same_on_postgresql(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, home: Path, username: str
) -> None:
    i18n.activate("fr")
    monkeypatch.setattr(local_counters, "count", lambda _kind: None)
    folder = Path(__file__).parent / "__snapshots__" / "test_pictures"
    drawn_by = "test_the_screens_of_a_department_look_as_they_did"
    databases: PostgresDatabases = request.getfixturevalue("_postgres_databases")
    with databases.copied(databases.templates.blank) as url:
        settings = _filled(settings_for(url, home))
        async with AppDriver(settings, {"sample_accounts": definitions.SAMPLE_ACCOUNTS}).running(
            (80, 24)
        ) as driven:
            async for name in _walked(driven, username):
                picture = folder / f"{drawn_by}[80x24-fr-{username}][{name.replace(' ', '-')}].txt"
                assert _drawn(driven, name, 24) == picture.read_text(encoding="utf-8"), name


@pytest.mark.parametrize("username", WALKS)
async def test_every_text_and_every_edge_of_a_field_stands_out_in_every_theme(
    sample: AppDriver, username: str
) -> None:
    i18n.activate("en")
    weak: set[str] = set()
    async with sample.running((80, 24)) as driven:
        weak |= await _weak_in(THEMES, driven, "login")
        places = count()
        async for name in _walked(driven, username):
            # Screens are made of the same parts: Gestion sees all of them, the others take turns.
            place = next(places) % len(THEMES)
            weak |= await _weak_in(THEMES if username == "admin" else THEMES[place : place + 1], driven, name)
    assert not weak, "\n".join(sorted(weak))


async def test_banners_and_a_refused_login_stand_out_in_every_theme(
    sample: AppDriver, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    i18n.activate("en")
    monkeypatch.setattr(telemetry, "telemetry_report", _report)
    async with sample.running((80, 24)) as driven:
        with driven.app.opening.wait().database.write_session() as session:
            session.add(SecurityAlert(count=12))
        driven.fill("#username", "admin")
        driven.fill("#password", "not the password!")
        await driven.press("enter")
        weak = await _weak_in(THEMES, driven, "login refused")
        driven.fill("#password", PASSWORDS["admin"])
        await driven.press("enter")
        weak |= await _weak_in(THEMES, driven, "alert")
        await driven.press("6")
        weak |= await _weak_in(THEMES, driven, "telemetry")
        await driven.press("escape")
        _take_away(home)
        await driven.press("ctrl+r")
        weak |= await _weak_in(THEMES, driven, "lost database")
    assert not weak, "\n".join(sorted(weak))


_FOCUSED_BUTTONS: Final[set[tuple[str, str, str]]] = set()
"""The buttons that were looked at in focus: the theme, the look and the label of each."""


async def _weak_in(themes: Sequence[Theme], driven: AppDriver, name: str) -> set[str]:
    """The weak parts of a screen, also with each of its buttons in focus, unless such a one was before."""
    screen, weak = driven.app.screen, set()
    focused = screen.focused
    for theme in themes:
        driven.app.theme = theme.name
        buttons = {(theme.name, node.variant, str(node.label)): node for node in screen.query(Button)}
        new = [button for key, button in buttons.items() if key not in _FOCUSED_BUTTONS]
        _FOCUSED_BUTTONS.update(buttons)
        for node in (focused, *new):
            screen.set_focus(node)
            await driven.settle()
            weak |= {f"{theme.name}, {name}: {each}" for each in weak_parts(driven.app)}
    driven.app.theme = THEMES[0].name
    screen.set_focus(focused)
    await driven.settle()
    return weak


async def _walked(driven: AppDriver, username: str) -> AsyncIterator[str]:
    """Sign in and walk from screen to screen; the name of each, once it stands still."""
    driven.fill("#username", username)
    driven.fill("#password", PASSWORDS[username])
    await driven.press("enter")
    for name, keys in WALKS[username]:
        driven.app.clear_notifications()  # one of the screen before may or may not stand there still
        if keys:
            await driven.press(*keys)
        await _steady(driven)
        yield name


async def _steady(driven: AppDriver) -> None:
    # A scroll bar that appears once the length is known takes its column a moment later.
    seen = ""
    while seen != driven.text:
        seen = driven.text
        await driven.pilot.pause(0.1)
        await driven.settle()


async def test_the_screens_before_signing_in_look_as_they_did(sample: AppDriver, gallery: Gallery) -> None:
    async with sample.running(gallery.size) as driven:
        gallery.check(driven, "login")
        driven.fill("#username", "commercial1")
        driven.fill("#password", "not the password!")
        await driven.press("enter")
        gallery.check(driven, "login refused")


async def test_the_first_run_looks_as_it_did(home: Path, gallery: Gallery) -> None:
    settings = settings_for(f"sqlite:///{home}/none.db", home)
    async with AppDriver(settings).running(gallery.size) as driven:
        gallery.check(driven, "first run")
        await driven.press("enter")
        gallery.check(driven, "set up a new CRM")


async def test_a_conflict_looks_as_it_did(sample: AppDriver, gallery: Gallery) -> None:
    async with sample.running(gallery.size) as driven:
        driven.fill("#username", "commercial1")
        driven.fill("#password", PASSWORDS["commercial1"])
        await driven.press("enter")
        await driven.press("2", "slash", *"solaria", "enter")
        contract = driven.current
        await driven.press("e")
        admin = sessions.sign_in(driven.app.crm, "admin", PASSWORDS["admin"]).actor
        raised = ContractUpdate(total_amount=contract.total_amount + Decimal(500))
        contracts.update_contract(driven.app.crm, admin, contract.id, raised)
        driven.type_into("total_amount", "90000")
        await driven.press("ctrl+s")
        gallery.check(driven, "conflict")


async def test_the_telemetry_and_the_alert_look_as_they_did(
    sample: AppDriver, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "telemetry_report", _report)
    async with sample.running(gallery.size) as driven:
        with driven.app.opening.wait().database.write_session() as session:
            session.add(SecurityAlert(count=12))
        driven.fill("#username", "admin")
        driven.fill("#password", PASSWORDS["admin"])
        await driven.press("enter")
        await _steady(driven)
        gallery.check(driven, "alert")
        await driven.press("6")
        await _steady(driven)
        gallery.check(driven, "telemetry")
        await driven.press("enter")
        await _steady(driven)
        gallery.check(driven, "sent item")


def _report(settings: Settings) -> TelemetryReport:
    moment = datetime(2026, 9, 16, 12, 30, tzinfo=UTC)
    body = '{"sdk":{"name":"sentry.python"},"event_id":"%s"}\n{"type":"event"}\n{"message":"[bold]Été"}\n'
    items = (("event", "attachment"), ("event",), ("session",))
    recent = tuple(
        SentItem(moment, kinds, event_id, body % event_id)
        for kinds, event_id in zip(items, ("0123456789abcdef" * 2, "fedcba9876543210" * 2, ""), strict=True)
    )
    return TelemetryReport(
        status=SentryStatus("started", "staging"), environment="staging", release="epicevents@1.2.3",
        host="sentry.example.com", traces_sample_rate=0.5, profiles_sample_rate=0.0, queued=3,
        last_problem="rate_limited", last_status=429, recent=recent,
    )  # fmt: skip


def _take_away(home: Path) -> None:
    for file in home.glob("demo.db*"):
        file.rename(file.with_name(f"gone-{file.name}"))


async def test_a_lost_database_looks_as_it_did(sample: AppDriver, gallery: Gallery, home: Path) -> None:
    async with sample.running(gallery.size) as driven:
        driven.fill("#username", "support1")
        driven.fill("#password", PASSWORDS["support1"])
        await driven.press("enter")
        _take_away(home)
        await driven.press("ctrl+r")
        gallery.check(driven, "lost database")


async def test_the_question_of_a_draft_looks_as_it_did(sample: AppDriver, gallery: Gallery) -> None:
    async with sample.running(gallery.size) as driven:
        actor = sessions.sign_in(driven.app.opening.wait(), "commercial1", PASSWORDS["commercial1"]).actor
        values = {"full_name": "Kévin [/bold] Casey", "email": "kevin@startup.io"}
        title = i18n._("New client")
        drafts.keep(driven.settings, actor, Draft("ClientForm", title, values, {}, {}, saving=True))
        driven.fill("#username", "commercial1")
        driven.fill("#password", PASSWORDS["commercial1"])
        await driven.press("enter")
        await _steady(driven)
        gallery.check(driven, "draft")


@pytest.mark.parametrize(
    ("name", "event_id", "form"),
    [
        ("crash with sentry", "0123456789abcdef" * 2, OpenForm.KEPT),
        ("crash without sentry", "", OpenForm.NONE),
    ],
    ids=["with sentry", "without sentry"],
)
async def test_the_end_after_a_crash_looks_as_it_did(
    sample: AppDriver, gallery: Gallery, name: str, event_id: str, form: OpenForm
) -> None:
    crash = Crash(_raised(), event_id)
    app = CrashApp(crash, form)
    async with app.run_test(size=gallery.size) as pilot:
        await pilot.pause()
        sample.app = app  # type: ignore[assignment]
        gallery.check(sample, name)


def _raised() -> BaseException:
    try:
        exec(compile("1 // 0", "example.py", "exec"))  # noqa: S102 - a line number that stays
    except ZeroDivisionError as error:
        return error
    raise AssertionError
