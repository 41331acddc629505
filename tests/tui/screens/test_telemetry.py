"""The telemetry screen and the alert of refused sign-ins: for Gestion, with and without Sentry."""

from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Log, OptionList

from models.tables import SecurityAlert
from services.auth import sessions
from services.crm import Crm
from services.errors import DatabaseUnavailable, SignInRefused
from services.monitoring.status import SentItem
from services.settings import Settings
from tests.support.accounts import PASSWORD, People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.envelopes import PUBLIC_KEY, EnvelopeRecorder
from tui.screens.dialogs.sent_event import SentScreen
from tui.screens.dialogs.text_log import lines_of
from tui.screens.telemetry import TelemetryScreen
from tui.widgets.alert_banner import AlertBanner

pytestmark = pytest.mark.usefixtures("sentry_off_at_the_end")

WIDE = (110, 34)


@pytest.fixture
def watched(settings: Settings, recorder: EnvelopeRecorder) -> AppDriver:
    """The application with Sentry on, not yet running."""
    sentry = replace(settings.sentry, dsn=recorder.dsn, traces_sample_rate=0.0)
    return AppDriver(replace(settings, sentry=sentry))


def guess(crm: Crm, times: int = 11) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sessions.sign_in(crm, "nobody_here", "not it!")


async def poll(driven: AppDriver) -> None:
    """Have the screen on top look for news, as it does every other second."""
    screen: Any = driven.app.screen
    poll_screen = screen._poll if isinstance(screen, TelemetryScreen) else screen.poller.poll
    poll_screen()
    await driven.settle()


def alert(driven: AppDriver) -> str:
    """What the banner says, empty while it is hidden."""
    banner = driven.app.screen.query_one(AlertBanner)
    return str(banner.visual) if banner.display else ""


# The screen


@sqlite_only
async def test_without_a_dsn_it_says_so_counts_and_names_the_next_key(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    guess(crm, 2)
    async with driven.signed_in(people.gestion, WIDE):
        await driven.press("6")
        assert driven.screen_name == "TelemetryScreen"
        assert "[INFO] Sentry is not configured (SENTRY_DSN is missing)" in driven.text
        assert "nowhere" in driven.text
        assert "2 today · 2 in 7 days · on all terminals" in driven.text
        assert "0 today · 0 in 7 days · on this machine" in driven.text
        assert "Set SENTRY_DSN and start again. Esc: back." in driven.text
        await driven.press("t")
        assert "Sentry is off: set SENTRY_DSN and start again." in driven.notices
        await driven.press("enter")
        assert "Nothing was sent yet." in driven.notices
        await driven.press("escape")
        assert driven.screen_name == "ClientsScreen"


@sqlite_only
async def test_a_test_event_is_sent_and_shown_word_by_word(
    watched: AppDriver, people: People, recorder: EnvelopeRecorder
) -> None:
    async with watched.signed_in(people.gestion, WIDE) as driven:
        await driven.press("6")
        assert "Nothing was sent yet. t: send a test event." in driven.text
        assert "[INFO] Sentry started (environment: development)" in driven.text
        assert recorder.dsn.partition("@")[2].partition("/")[0] in driven.text
        assert PUBLIC_KEY not in driven.text
        await driven.press("t")
        (event,) = [event for event in recorder.events if "exception" in event]
        assert f"{event['event_id']}: the server accepted it." in driven.text
        menu = driven.app.screen.query_one(OptionList)
        shown = [str(menu.get_option_at_index(place).prompt) for place in range(menu.option_count)]
        assert any(line.endswith(event["event_id"]) for line in shown)
        while event["event_id"] not in shown[menu.highlighted or 0]:
            await driven.press("j")
        await driven.press("enter")
        assert driven.screen_name == "SentScreen"
        text = "".join(driven.app.screen.query_one(Log).lines)
        (body,) = [body for body in recorder.bodies if event["event_id"].encode() in body.split(b"\n")[0]]
        assert text == body.decode().replace("\n", "")
        await driven.press("escape", "escape")
        assert driven.screen_name == "ClientsScreen"


@sqlite_only
async def test_what_was_sent_is_text_and_no_markup(driven: AppDriver, people: People) -> None:
    item = SentItem(None, ("event",), "[bold]", '[/bold]{"a": "[red]\x1b[31mé中"}\n' * 3)
    async with driven.signed_in(people.gestion):
        driven.app.push_screen(SentScreen(item))
        await driven.settle()
        await driven.pilot.pause()
        assert '[/bold]{"a": "[red]' in driven.text
        assert "\x1b[31m" not in driven.text
        assert "event · [bold]" in driven.text


@pytest.mark.parametrize("width", [1, 7, 80])
def test_a_text_in_lines_is_the_whole_text(width: int) -> None:
    texts = ("", "a" * 200, "é" * 99, "x\n\ny", "abc中中中def")
    for text in texts:
        lines = list(lines_of(text, width))
        assert "".join(lines) == text.replace("\n", "")
        assert all(len(line) <= width for line in lines)


@sqlite_only
@pytest.mark.parametrize("department", ["commercial", "support"])
async def test_nobody_but_gestion_gets_there(driven: AppDriver, people: People, department: str) -> None:
    async with driven.signed_in(getattr(people, department)):
        await driven.press("6")
        assert "Only Gestion reads the telemetry screen." in driven.notices
        assert driven.screen_name == "ClientsScreen"
        await driven.press("ctrl+p", *"telem")
        assert "Only Gestion reads the telemetry screen." in driven.text


@sqlite_only
async def test_the_palette_and_the_keys_of_the_sections_lead_there_and_away(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("ctrl+p", *"telem", "enter")
        assert driven.screen_name == "TelemetryScreen"
        await driven.press("question_mark")
        assert "Send a test event" in driven.text
        await driven.press("escape", "2")
        assert driven.screen_name == "ContractsScreen"


@sqlite_only
async def test_it_reads_itself_anew_while_it_is_shown(driven: AppDriver, people: People, crm: Crm) -> None:
    async with driven.signed_in(people.gestion, WIDE):
        await driven.press("6")
        guess(crm, 3)
        await poll(driven)
        assert "3 today · 3 in 7 days · on all terminals" in driven.text


async def test_a_lost_database_is_said_and_what_was_read_stays(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.gestion, WIDE):
        await driven.press("6")
        driven.app.screen._failed(DatabaseUnavailable())  # type: ignore[attr-defined]
        await driven.settle()
        assert "The database cannot be reached" in driven.text
        assert "Sentry is not configured" in driven.text
        await driven.press("ctrl+r")
        assert "The database cannot be reached" not in driven.text


@sqlite_only
async def test_who_was_signed_out_meanwhile_signs_in_again(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    async with driven.signed_in(people.gestion):
        await driven.press("6")
        sessions.sign_out(crm, driven.app.actor)
        await poll(driven)
        assert driven.screen_name == "LoginScreen"


# The alert


async def test_gestion_sees_the_alert_on_every_section_until_it_is_dismissed(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    async with driven.signed_in(people.gestion, WIDE):
        assert alert(driven) == ""
        await driven.press("x")
        assert "There is no alert now." in driven.notices
        guess(crm)
        await poll(driven)
        said = "! 11 refused sign-ins in 5 minutes: possible password guessing."
        for section in "12345":
            await driven.press(section)
            assert alert(driven) == f"{said} 6: details, x: dismiss."
        await driven.press("6")
        assert alert(driven) == f"{said} x: dismiss."
        await driven.press("escape", "x")
        for section in "51":
            await driven.press(section)
            await poll(driven)
            assert alert(driven) == ""
        await driven.press("6")
        assert alert(driven) == ""


@sqlite_only
async def test_an_alert_can_be_dismissed_on_the_telemetry_screen(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    guess(crm)
    async with driven.signed_in(people.gestion):
        await driven.press("6")
        assert "11 refused" in alert(driven)
        await driven.press("x")
        assert alert(driven) == ""
        await driven.press("escape")
        assert alert(driven) == ""


@sqlite_only
async def test_the_alert_grows_while_it_goes_on_and_a_new_one_is_shown_again(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    async with driven.signed_in(people.gestion):
        guess(crm, 12)
        await poll(driven)
        assert "12 refused" in alert(driven)
        guess(crm, 3)
        await poll(driven)
        assert "15 refused" in alert(driven)
        await driven.press("x")
        guess(crm, 1)
        await poll(driven)
        assert alert(driven) == ""
        with crm.database.write_session() as session:
            session.add(SecurityAlert(count=20))
        await poll(driven)
        assert "20 refused" in alert(driven)


@sqlite_only
@pytest.mark.parametrize("department", ["commercial", "support"])
async def test_nobody_else_ever_sees_the_alert_nor_asks_for_it(
    driven: AppDriver, people: People, crm: Crm, department: str
) -> None:
    guess(crm)
    refused: list[object] = []
    async with driven.signed_in(getattr(people, department)):
        driven.app.crm.bus.subscribe(refused.append)
        for section in "123":
            await driven.press(section)
            await poll(driven)
            assert alert(driven) == ""
        assert refused == []
        await driven.press("x")
        assert "Only Gestion sees the security banner." in driven.notices


@sqlite_only
async def test_who_signs_in_after_gestion_does_not_see_its_alert(
    driven: AppDriver, people: People, crm: Crm
) -> None:
    guess(crm)
    async with driven.signed_in(people.gestion):
        await poll(driven)
        assert "11 refused" in alert(driven)
        await driven.press("L", "tab", "enter")
        await _sign_in(driven, people.commercial.username)
        await poll(driven)
        assert alert(driven) == ""


async def _sign_in(driven: AppDriver, username: str) -> None:
    driven.fill("#username", username)
    driven.fill("#password", PASSWORD)
    await driven.press("enter")
    assert driven.screen_name == "ClientsScreen"
