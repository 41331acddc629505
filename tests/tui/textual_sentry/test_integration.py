"""The integration beside the application it was made for, which starts Sentry late and from a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.support.accounts import PASSWORD
from tests.support.failing_apps.apps import Crash, crash, start_sentry, stop_sentry
from tui.app import EpicEventsApp

if TYPE_CHECKING:
    from tests.support.accounts import People
    from tests.support.app_driver import AppDriver
    from tests.support.records import Records


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    yield
    stop_sentry()


async def test_a_crash_of_the_application_tells_the_way_there_and_nothing_that_stood_on_the_screen(
    driven: AppDriver, people: People, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.client(people.commercial, full_name="Claire Dupont")
    monkeypatch.setattr(EpicEventsApp, "action_contrast", crash)
    with suppress(Crash):
        async with driven.running():
            receiver = await asyncio.to_thread(start_sentry, driven.app, traces_sample_rate=1.0)
            driven.fill("#username", people.commercial.username)
            driven.fill("#password", PASSWORD)
            await driven.press("enter")
            assert "Claire Dupont" in driven.text
            await driven.pilot.press("ctrl+t")

    event = receiver.event
    crumbs = [crumb["message"] for crumb in event["breadcrumbs"]["values"]]
    assert crumbs == ["submit", "LoginScreen → ClientsScreen", "contrast"]
    assert event["exception"]["values"][-1]["mechanism"]["type"] == "textual.action"
    assert event["contexts"]["textual"]["screen"] == "ClientsScreen"
    assert "Xxxxxx Xxxxxx" in receiver.attachments["wireframe.txt"]
    assert not any(word in receiver.attachments["wireframe.txt"] for word in ("Claire", "Dupont"))
    loads = [t["transaction"] for t in receiver.transactions if t["contexts"]["trace"]["op"] == "ui.load"]
    assert loads == ["ClientsScreen"]
