"""The application and Sentry together: what a person does is the trail of what then goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sentry_sdk
from textual.worker import WorkerFailed

from services import monitoring
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.envelopes import EnvelopeRecorder
from tui.screens.client_form import ClientForm

pytestmark = sqlite_only  # nothing here depends on the kind of database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.settings import Settings
    from tests.support.accounts import People
    from tests.support.records import Records


@pytest.fixture
def recorder() -> Iterator[EnvelopeRecorder]:
    """An end for what the application sends."""
    recorder = EnvelopeRecorder()
    yield recorder
    monitoring.close_sentry()
    sentry_sdk.get_isolation_scope().clear()
    recorder.close()


@pytest.fixture
def driven(settings: Settings, recorder: EnvelopeRecorder) -> AppDriver:
    """The application that reports there, not yet running."""
    return AppDriver(replace(settings, sentry=replace(settings.sentry, dsn=recorder.dsn)))


@asynccontextmanager
async def crashing(driven: AppDriver, person: Any) -> AsyncIterator[AppDriver]:
    with pytest.raises((ZeroDivisionError, WorkerFailed)):  # noqa: PT012 - the crash comes at the end
        async with driven.signed_in_by_form(person):
            yield driven
            await driven.settle()
    monitoring.close_sentry()


async def test_a_crash_is_one_event_with_the_person_the_screen_and_the_trail(
    driven: AppDriver, people: People, records: Records, recorder: EnvelopeRecorder
) -> None:
    client = records.client()
    async with crashing(driven, people.commercial):
        await driven.press("2", "1", "n")
        driven.type_into("full_name", "Zoé Quatrecents")
        driven.app.call_later(lambda: len("Zoé Quatrecents") // 0)
    (event,) = recorder.wait_for(1)
    assert driven.app.guard.crash is not None
    assert driven.app.guard.crash.event_id == event["event_id"]
    assert event["user"] == {
        "id": str(people.commercial.id),
        "username": people.commercial.username,
        "department": "COMMERCIAL",
    }
    assert event["tags"]["screen"] == "ClientForm"
    assert event["contexts"]["textual"]["last_action"] == "new"
    crumbs = [(crumb["category"], crumb["message"]) for crumb in event["breadcrumbs"]["values"]]
    assert ("auth", f"Connexion réussie pour l'utilisateur: {people.commercial.username}") in crumbs
    assert ("navigation", "LoginScreen → ClientsScreen") in crumbs
    assert ("navigation", "ClientsScreen → ClientForm") in crumbs
    sent = b"".join(recorder.bodies).decode()
    assert "Quatrecents" not in sent
    assert client.full_name not in sent
    (session,) = recorder.items("session")
    assert session["status"] == "crashed"
    assert "wireframe.txt" in sent


async def test_what_is_typed_leaves_no_exception_that_quotes_it(
    driven: AppDriver, people: People, recorder: EnvelopeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(self: ClientForm, *arguments: object) -> None:
        raise ZeroDivisionError("no client named Zoé Quatrecents of Maison Bleue")

    monkeypatch.setattr(ClientForm, "save", save)
    async with crashing(driven, people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Zoé Quatrecents")
        driven.type_into("company", "Maison Bleue")
        driven.type_into("email", "zoe@example.com")
        await driven.press("ctrl+s")
    (event,) = recorder.wait_for(1)
    (exception,) = event["exception"]["values"]
    assert exception["value"] == "no client named [REDACTED] of [REDACTED]"


async def test_a_refused_sign_in_is_a_warning_and_names_nobody_as_signed_in(
    driven: AppDriver, people: People, recorder: EnvelopeRecorder
) -> None:
    async with driven.running():
        driven.fill("#username", people.commercial.username)
        driven.fill("#password", "Not this one 1!")
        await driven.press("enter")
        assert driven.screen_name == "LoginScreen"
    monitoring.close_sentry()
    (event,) = recorder.wait_for(1)
    refused = f"mot de passe incorrect: {people.commercial.username}"
    assert event["logentry"]["message"] == f"Tentative de connexion échouée - {refused}"
    assert event["level"] == "warning"
    assert event["tags"]["screen"] == "LoginScreen"
    assert not event.get("user")
    assert b"Not this one" not in b"".join(recorder.bodies)


async def test_a_duplicate_email_is_reported_with_the_person_and_the_way_there_in_order(
    driven: AppDriver, people: People, records: Records, recorder: EnvelopeRecorder
) -> None:
    client = records.client()
    async with driven.signed_in_by_form(people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Somebody Else")
        driven.type_into("email", client.email)
        await driven.press("ctrl+s")
        assert driven.screen_name == "ClientForm"
        assert "Another client has this email" in driven.text
    monitoring.close_sentry()
    (event,) = recorder.wait_for(1)
    (exception,) = event["exception"]["values"]
    assert (exception["type"], exception["value"]) == ("IntegrityError", "uq_client_email")
    last = "do_execute" if driven.settings.database_url.startswith("sqlite") else "execute"
    assert exception["stacktrace"]["frames"][-1]["function"] == last
    assert event["user"]["username"] == people.commercial.username
    told = [
        crumb["message"]
        for crumb in event["breadcrumbs"]["values"]
        if crumb["category"] in {"auth", "navigation", "action"}
        and not crumb["message"].startswith("Screen ")
    ]
    username = people.commercial.username
    assert told == [
        f"Tentative de connexion pour l'utilisateur: {username}",
        f"Connexion réussie pour l'utilisateur: {username}",
        "LoginScreen → ClientsScreen",
        "ClientsScreen → ClientForm",
        "Création d'un client",
    ]
    assert client.email.encode() not in b"".join(recorder.bodies)


async def test_saving_is_a_transaction_with_its_queries_and_no_value(
    driven: AppDriver, people: People, recorder: EnvelopeRecorder
) -> None:
    async with driven.signed_in_by_form(people.commercial):
        await driven.press("n")
        driven.type_into("full_name", "Zoé Quatrecents")
        driven.type_into("email", "zoe@example.com")
        await driven.press("ctrl+s")
        assert driven.screen_name == "ClientsScreen"
    monitoring.close_sentry()
    spans = [
        span for sent in recorder.items("transaction") for span in (sent["contexts"]["trace"], *sent["spans"])
    ]
    told = {(span["op"], span.get("description")) for span in spans}
    names = {(sent["contexts"]["trace"]["op"], sent["transaction"]) for sent in recorder.items("transaction")}
    assert ("auth", "login") in told
    assert ("service", "client.create") in told
    assert ("ui.load", "ClientsScreen") in names
    assert any(op == "db" and str(text).startswith("INSERT INTO client ") for op, text in told)
    assert "Quatrecents" not in b"".join(recorder.bodies).decode()


async def test_before_sentry_has_started_a_crash_starts_it(
    driven: AppDriver, recorder: EnvelopeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.opening.open_telemetry", lambda settings, app: "")
    monkeypatch.setattr(monitoring, "_last_status", None)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the crash comes at the end
        async with driven.running():
            driven.app.call_later(lambda: 1 // 0)
            await driven.settle()
    monitoring.close_sentry()
    (event,) = recorder.wait_for(1)
    assert driven.app.guard.crash is not None
    assert driven.app.guard.crash.event_id == event["event_id"]
    assert event["exception"]["values"][0]["mechanism"]["handled"] is False


async def test_a_crash_while_reporting_a_crash_hides_nothing(
    driven: AppDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("reporting is broken")

    monkeypatch.setattr(monitoring, "ensure_started", broken)
    monkeypatch.setattr("tui.textual_sentry.event_capture.event_from_exception", broken)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the crash comes at the end
        async with driven.running():
            driven.app.call_later(lambda: 1 // 0)
            await driven.settle()
    assert driven.app.guard.crash is not None
    assert isinstance(driven.app.guard.crash.error, ZeroDivisionError)
    assert driven.app.guard.crash.event_id == ""
    assert driven.app.return_code == 1
