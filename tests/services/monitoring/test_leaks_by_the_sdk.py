"""The SDK with every collecting option enabled, in front of the same transport.

The tests capture through the SDK's own functions, which collect the variables of frames, source lines, logs,
queries and headers. None of these values may pass the transport.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sentry_sdk
from sentry_sdk import crons, metrics
from sentry_sdk.tracing import Transaction

from services.monitoring.delivery.transport import spooling_in
from services.monitoring.envelope import sanitizer
from tests.support.canaries import DISGUISES, KINDS, OF_THE_MACHINE, Cage, Plant, on_the_machine_of_somebody
from tests.support.envelopes import EnvelopeRecorder
from tests.support.leak_detectors import Received, leaked, payloads, relay_errors, relay_finds

SAID = ("event", "transaction", "session", "log", "trace_metric", "check_in")


@contextmanager
def talkative(folder: Path) -> Iterator[EnvelopeRecorder]:
    """The SDK with its default integrations and all optional data collection."""
    recorder = EnvelopeRecorder()
    with warnings.catch_warnings(action="ignore"):  # some of these options are deprecated
        sentry_sdk.init(
            dsn=recorder.dsn,
            transport=spooling_in(folder),
            release="epicevents@0.1.0",
            send_default_pii=True,
            include_local_variables=True,
            include_source_context=True,
            traces_sample_rate=1.0,
            enable_logs=True,
            auto_enabling_integrations=False,
        )
    try:
        yield recorder
        sentry_sdk.get_client().close(timeout=5)
    finally:
        for scope in (sentry_sdk.get_global_scope(), sentry_sdk.get_isolation_scope()):
            scope.set_client(None)
            scope.clear()
        recorder.close()


def say_everything(plant: Plant, who: bool) -> None:
    """Call each function of the SDK that takes a value with a secret."""
    with sentry_sdk.isolation_scope() as scope:
        _describe(scope, plant, who)
        _trace(plant)
        _fail(plant)
        _tell(plant)
        scope.end_session()


def _describe(scope: sentry_sdk.Scope, plant: Plant, who: bool) -> None:
    name = plant("user") if who else "jdupont"
    user = {"id": name, "username": name, "email": plant("email"), "ip_address": plant("ip")}
    sentry_sdk.set_user({**user, "name": plant("name"), plant("key of user"): plant("user data")})
    scope.start_session()
    sentry_sdk.set_tag("tag", plant("tag"))
    sentry_sdk.set_context("context", {plant("key of context"): plant("context"), "deep": [plant("deep")]})
    sentry_sdk.set_extra(
        "extra", {b"bytes": plant("bytes").encode(), ("t",): (plant("tuple"), {plant("set")})}
    )
    scope.set_transaction_name(plant("name of transaction"))
    scope.fingerprint = [plant("fingerprint")]
    scope.add_attachment(bytes=plant("attachment").encode(), filename=f"{plant('file')}/x.txt")
    scope.set_attribute("attribute", plant("attribute"))
    crumb = {"category": plant("category"), "message": plant("crumb"), "data": {plant("key"): plant("data")}}
    sentry_sdk.add_breadcrumb(crumb)
    logging.getLogger(plant("logger")).warning("%s", plant("logged breadcrumb"))


def _trace(plant: Plant) -> None:
    with sentry_sdk.start_transaction(op=plant("op"), name=plant("first name")) as transaction:
        assert isinstance(transaction, Transaction)
        with sentry_sdk.start_span(op=plant("op of span"), name=plant("span")) as span:
            span.set_data(plant("key of span"), plant("data of span"))
            span.set_tag("tag", plant("tag of span"))
        transaction.name = plant("second name")
        transaction.set_data("data", plant("data of transaction"))


def _fail(plant: Plant) -> None:
    local = plant("variable")
    kind = type("Failure", (Exception,), {})
    try:
        try:
            raise KeyError(plant("context of exception"), {plant("argument"): local})
        except KeyError as error:
            error.add_note(plant("note of cause"))
            raise ValueError(plant("cause")) from error
    except ValueError as error:
        group = ExceptionGroup(
            plant("group"), [kind(plant("member")), OSError(2, plant("why"), plant("path"))]
        )
        group.add_note(plant("note of group"))
        group.__cause__ = error
        sentry_sdk.capture_exception(group, extras={"extra": plant("extra of exception")})


def _tell(plant: Plant) -> None:
    sentry_sdk.capture_message(plant("message"), level="error")
    sentry_sdk.capture_event({"logentry": {"message": "%s", "params": [plant("parameter")]}})
    logging.getLogger("tests").error("of %s", plant("argument of log"), extra={"who": plant("extra of log")})
    sentry_sdk.logger.warning("{who}", who=plant("structured log"))  # type: ignore[attr-defined]
    metrics.count(plant("metric"), 1, attributes={"who": plant("attribute of metric")})
    crons.capture_checkin(monitor_slug=plant("slug"), status="ok", monitor_config={"owner": plant("owner")})


@pytest.fixture(params=["plain", "disguised"])
def forms(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The forms of the secrets."""
    return DISGUISES if request.param == "disguised" else ("plain",)


def test_no_secret_that_the_sdk_collects_is_sent(forms: tuple[str, ...], tmp_path: Path) -> None:
    cage = Cage()
    with on_the_machine_of_somebody(), talkative(tmp_path) as recorder:
        for kind in KINDS:
            say_everything(cage.planter(kind, *forms), kind not in OF_THE_MACHINE)
    bodies = recorder.bodies
    assert len(cage.planted) > 40 * len(KINDS)
    assert {kind for kind in SAID if not payloads(bodies, kind)} == set()
    assert [str(canary) for canary in leaked(cage.planted, Received.of(*bodies))] == []
    assert relay_finds(bodies) == []
    assert [
        error for event in payloads(bodies, "event", "transaction") for error in relay_errors(event)
    ] == []


def test_without_the_sanitizer_every_secret_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanitizer, "sanitize_envelope", lambda envelope, lost: envelope)
    cage = Cage()
    with talkative(tmp_path) as recorder:
        say_everything(cage.planter("email"), who=True)
    found = leaked(cage.planted, Received.of(*recorder.bodies))
    # The name of the transaction overwrites a name that was set before.
    assert {canary.place for canary in set(cage.planted) - set(found)} <= {"name of transaction"}
