"""What Gestion reads of the telemetry, with and without Sentry, and the error on purpose."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from services import monitoring, telemetry
from services.auth import sessions
from services.crm import Crm
from services.errors import Forbidden, SignInRefused
from services.monitoring import local_counters, sentry_test
from services.monitoring.sentry_test import TEST_ERROR, ErrorDelivery
from services.monitoring.status import host_of, telemetry_report
from services.settings import Settings, load_settings
from tests.support.accounts import People
from tests.support.databases import sqlite_only
from tests.support.envelopes import PUBLIC_KEY, EnvelopeRecorder
from tests.support.loaded_modules import packages_loaded_by
from tests.support.records import rewrite

pytestmark = pytest.mark.usefixtures("sentry_off_at_the_end")


class RefusingServer(EnvelopeRecorder):
    """Reads every envelope and wants none."""

    def _handler(self) -> Callable[..., BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(400)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler


def started(home: Path, dsn: str) -> Settings:
    settings = load_settings({"EPICEVENTS_LANGUAGE": "en", "SENTRY_DSN": dsn}, home, home)
    assert monitoring.init_sentry(settings).outcome == "started"
    return settings


@pytest.fixture
def refusing() -> Iterator[EnvelopeRecorder]:
    server = RefusingServer()
    yield server
    server.close()


def test_without_a_dsn_the_report_says_so_and_holds_nothing(home: Path) -> None:
    report = telemetry_report(load_settings({"SENTRY_ENVIRONMENT": "staging"}, home, home))
    assert not report.is_on
    assert report.status.line() == "[INFO] Sentry is not configured (SENTRY_DSN is missing)"
    assert (report.environment, report.host, report.queued, report.recent) == ("staging", "", 0, ())
    assert (report.traces_sample_rate, report.last_problem) == (0.5, "none")
    assert report.release.startswith("epicevents@")


def test_a_bad_dsn_is_named_and_not_shown(home: Path) -> None:
    settings = load_settings({"SENTRY_DSN": "https://s3cr3tkey@/nowhere"}, home, home)
    report = telemetry_report(settings)
    assert report.status.outcome == "bad_setting"
    assert "SENTRY_DSN" in report.status.line()
    assert "s3cr3tkey" not in f"{report} {report.status.line()}"


def test_a_sentry_that_could_not_start_is_no_sentry_without_a_dsn(home: Path) -> None:
    settings = load_settings({"SENTRY_DSN": "https://key@sentry.example/1"}, home, home)
    assert telemetry_report(settings).status.outcome == "failed"


@pytest.mark.parametrize(
    ("dsn", "host"),
    [
        ("https://key@o1.ingest.sentry.io/42", "o1.ingest.sentry.io"),
        ("http://key:secret@127.0.0.1:8000/1", "127.0.0.1:8000"),
        ("http://key@[::1]:8000/1", "::1:8000"),
        ("http://key@host:port/1", ""),
        (None, ""),
    ],
)
def test_of_the_dsn_only_the_host_is_shown(home: Path, dsn: str | None, host: str) -> None:
    sentry = replace(load_settings({}, home, home).sentry, dsn=dsn)
    assert host_of(sentry) == host


def test_the_test_error_is_sent_with_its_stack_and_shown_exactly_as_it_went(
    home: Path, recorder: EnvelopeRecorder
) -> None:
    settings = started(home, recorder.dsn)
    sent = sentry_test.send_test_error()
    assert sent.accepted is True
    (event,) = recorder.wait_for(1)
    assert event["event_id"] == sent.event_id
    (value,) = event["exception"]["values"]
    assert (value["type"], value["value"]) == ("ValueError", TEST_ERROR)
    assert value["stacktrace"]["frames"]
    report = telemetry_report(settings)
    (item,) = [item for item in report.recent if item.event_id == sent.event_id]
    assert "event" in item.kinds
    assert item.text.encode() in recorder.bodies
    assert report.host == recorder.dsn.partition("@")[2].partition("/")[0]
    assert PUBLIC_KEY not in repr(report)


def test_each_test_error_is_one_of_its_own(home: Path, recorder: EnvelopeRecorder) -> None:
    started(home, recorder.dsn)
    first, second = sentry_test.send_test_error(), sentry_test.send_test_error()
    assert first.event_id != second.event_id
    assert (first.accepted, second.accepted) == (True, True)


def test_a_server_that_refuses_is_told_apart_from_one_that_is_away(
    home: Path, refusing: EnvelopeRecorder
) -> None:
    settings = started(home, refusing.dsn)
    assert sentry_test.send_test_error().accepted is False
    assert telemetry_report(settings).last_problem == "refused"


def test_what_an_unreachable_server_did_not_take_waits(home: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # nobody listens
        settings = started(home, f"http://{PUBLIC_KEY}@127.0.0.1:{unused.getsockname()[1]}/7")
        sent = sentry_test.send_test_error()
        report = telemetry_report(settings)
    assert sent.event_id is not None
    assert sent.accepted is None
    assert report.queued >= 1
    assert report.last_problem == "unreachable"
    assert report.recent == ()


def test_without_sentry_nothing_is_sent() -> None:
    assert sentry_test.send_test_error() == ErrorDelivery(None, None)


def test_the_preview_is_a_whole_crash_with_everything_personal_masked(home: Path) -> None:
    shown = sentry_test.preview(load_settings({}, home, home))
    text = json.dumps(shown)
    for personal in ("john.doe@", "555-123", "4532", "192.168.1.1", "secret123", str(home)):
        assert personal not in text
    (event,) = [item["payload"] for item in shown["items"] if item["headers"]["type"] == "event"]
    cause, error = event["exception"]["values"]
    assert error["value"] == TEST_ERROR
    assert cause["value"] == (
        "jo***@example.com, XXX-XXX-4567, XXXX-XXXX-XXXX-XXXX, XXX.XXX.XXX.XXX, password: [REDACTED]"
    )
    assert error["stacktrace"]["frames"]
    assert error["mechanism"] == {"type": "command", "handled": False} | error["mechanism"]
    assert event["user"] == {"id": "1", "username": "john_doe", "department": "GESTION"}
    assert event["breadcrumbs"]["values"]
    assert set(shown["headers"]) <= {"event_id", "sent_at", "sdk"}


def test_the_preview_sends_nothing_and_keeps_nothing_although_a_dsn_is_set(
    home: Path, recorder: EnvelopeRecorder
) -> None:
    shown = sentry_test.preview(load_settings({"SENTRY_DSN": recorder.dsn}, home, home))
    assert shown["items"]
    monitoring.close_sentry()
    assert recorder.bodies == []
    assert not list((home / "state").rglob("*.envelope"))


def test_refused_sign_ins_are_counted_over_all_terminals_and_errors_on_this_machine(
    crm: Crm, people: People, home: Path
) -> None:
    for _ in range(3):
        _fail(crm)
    moved = "now() - interval '3 days'" if crm.database.kind == "postgresql" else "datetime('now', '-3 days')"
    rewrite(crm, f"UPDATE login_attempt SET at = {moved}")  # noqa: S608
    for _ in range(2):
        _fail(crm)
    local_counters.path().parent.mkdir(parents=True)
    old = (date.today() - timedelta(days=3)).isoformat()  # noqa: DTZ011 - the local day is the subject
    local_counters.path().write_text(json.dumps({old: {"errors": 4, "slow_screens": 1}}))
    local_counters.count("errors")
    local_counters.flush()
    read = telemetry.read_telemetry(crm, people.gestion)
    assert read.today == telemetry.Tally(errors=1, refused_sign_ins=2, slow_screens=0)
    assert read.week == telemetry.Tally(errors=5, refused_sign_ins=5, slow_screens=1)


def _fail(crm: Crm) -> None:
    with pytest.raises(SignInRefused):
        sessions.sign_in(crm, "nobody_here", "not it!")


@sqlite_only
def test_brute_force_is_one_message_under_one_fingerprint(
    crm: Crm, home: Path, recorder: EnvelopeRecorder
) -> None:
    started(home, recorder.dsn)
    for _ in range(12):
        _fail(crm)
    monitoring.close_sentry()
    (event,) = [event for event in recorder.events if event["fingerprint"] == ["brute-force"]]
    text = "Attaque par force brute possible: 11 échecs de connexion en 5 minutes"
    assert event["logentry"]["message"] == text
    assert event["level"] == "error"
    assert event["contexts"]["epicevents"] == {"count": 11}


@sqlite_only
def test_only_gestion_sends_a_test_event(crm: Crm, people: People, recorder: EnvelopeRecorder) -> None:
    with pytest.raises(Forbidden) as refusal:
        telemetry.send_test_event(crm, people.support)
    assert refusal.value.message() == "Only Gestion reads the telemetry screen."


def test_reading_the_state_without_a_dsn_loads_no_sdk() -> None:
    code = (
        "from pathlib import Path; from services.settings import load_settings;"
        "from services.monitoring.status import telemetry_report;"
        "from services.monitoring.sentry_test import *;"
        "telemetry_report(load_settings({}, Path('/'), Path('/'))); assert send_test_error().event_id is None"
    )
    assert "sentry_sdk" not in packages_loaded_by(code)
