"""The SDK with a receiver in place of the network, for one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.failing_apps.apps import Receiver, leave_traces, sentry_on


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """What is sent, by a program in which somebody signed in and did five things before the app started."""
    with sentry_on(traces_sample_rate=1.0) as receiver:
        leave_traces()
        yield receiver
