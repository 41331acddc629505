"""No personal data leave: the tests plant a secret of each kind in each field of each kind of item.

Each secret is unique and planted once. The received envelopes are searched for all secrets in every encoding,
and checked with Sentry's own scrubber and normaliser. The files of the spool are searched as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.monitoring.envelope import field_rules, sanitizer
from services.monitoring.scrubbing import text
from tests.support.canaries import DISGUISES, KINDS, OF_THE_MACHINE, Cage, on_the_machine_of_somebody
from tests.support.canary_items import ITEMS, Filling, envelope
from tests.support.envelopes import EnvelopeRecorder
from tests.support.leak_detectors import Received, envelopes, leaked, payloads, relay_errors, relay_finds
from tests.support.spool_client import capturing, eventually

EVENTS = ("event", "transaction", "feedback")
UNSEEN = {"attached UTF-16", "envelope header.sent_at"}
"""Where a search finds nothing in any case: in another encoding, and what is written when it is sent."""


@dataclass
class Journey:
    """The planted canaries, the files of the spool, and the received bodies."""

    cage: Cage = field(default_factory=Cage)
    spooled: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


def sent(folder: Path, fillings: Iterable[Filling], journey: Journey) -> Journey:
    """Spool an envelope for each filling while the server is unreachable, and then send them."""
    away = EnvelopeRecorder()
    away.close()
    with capturing(away.dsn, folder) as offline:
        for filling in fillings:
            offline.transport.capture_envelope(envelope(filling))
    # Includes the client report, which is created at the end.
    journey.spooled = [file.read_bytes() for file in offline.waiting()]
    back = EnvelopeRecorder(port=urlsplit(away.dsn).port or 0)
    try:
        with capturing(back.dsn, folder):
            eventually(lambda: len(back.bodies) == len(journey.spooled), 10)
    finally:
        back.close()
    journey.bodies = list(back.bodies)
    return journey


def every_field(cage: Cage, kinds: Iterable[str] = KINDS) -> Iterator[Filling]:
    """Each kind of secret in every field, including fields for numbers and fixed words."""
    for kind in kinds:
        yield Filling(cage.planter(kind), cage.secret_fields, broken=True, who=kind not in OF_THE_MACHINE)


def every_form(cage: Cage, kinds: Iterable[str] = KINDS) -> Iterator[Filling]:
    """Each kind of secret in every form, in items that Sentry accepts."""
    for kind in kinds:
        yield Filling(cage.planter(kind, "plain", *DISGUISES), who=kind not in OF_THE_MACHINE)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """A journey of each kind in each field."""
    journey, folder = Journey(), tmp_path_factory.mktemp("plain")
    with on_the_machine_of_somebody():
        return sent(folder, every_field(journey.cage), journey)


@pytest.fixture(scope="module")
def disguised(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """A journey of each kind in each form."""
    journey, folder = Journey(), tmp_path_factory.mktemp("disguised")
    with on_the_machine_of_somebody():
        return sent(folder, every_form(journey.cage), journey)


@pytest.fixture(params=["plain", "disguised"])
def journey(request: pytest.FixtureRequest) -> Journey:
    """One of the two journeys."""
    found: Journey = request.getfixturevalue(request.param)
    return found


def test_no_secret_arrives_in_any_form(journey: Journey) -> None:
    assert len(journey.bodies) == len(KINDS) + 1
    assert len(journey.cage.planted) > 15_000
    assert [str(canary) for canary in leaked(journey.cage.planted, Received.of(*journey.bodies))] == []


def test_no_secret_is_on_the_disk(journey: Journey) -> None:
    assert len(journey.spooled) == len(KINDS) + 1
    assert [str(canary) for canary in leaked(journey.cage.planted, Received.of(*journey.spooled))] == []


def test_every_kind_of_item_arrives(journey: Journey) -> None:
    kinds = Counter(kind for kind, _ in ITEMS.values()) + Counter(attachment=4)
    arrived = [
        Counter(str(item.headers["type"]) for item in each.items) for each in envelopes(journey.bodies)
    ]
    assert Counter(sum(each.values()) for each in arrived) == {1: 1, kinds.total(): len(KINDS)}
    assert all(each == kinds for each in arrived if each != {"client_report": 1})


def test_sentrys_own_scrubber_finds_nothing_to_mask(journey: Journey) -> None:
    assert relay_finds(journey.bodies) == []


def test_sentry_refuses_no_field(disguised: Journey) -> None:
    events = payloads(disguised.bodies, *EVENTS)
    assert len(events) == 4 * len(KINDS)
    assert [error for event in events for error in relay_errors(event)] == []


# Checks of the detectors themselves: each finds unmasked secrets.


@pytest.mark.parametrize("fillings", [every_field, every_form])
def test_without_the_sanitizer_the_search_finds_every_secret(
    fillings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanitizer, "sanitize_envelope", lambda envelope, lost: envelope)
    journey = Journey()
    kinds = ("email", "JWT", "PEM key", "IBAN in groups", "sensitive name")
    sent(tmp_path, fillings(journey.cage, kinds), journey)  # type: ignore[operator]
    planted = journey.cage.planted
    for bodies in (journey.bodies, journey.spooled):
        found = leaked(planted, Received.of(*bodies))
        assert {c.place for c in set(planted) - set(found)} <= UNSEEN


def test_without_the_sanitizer_sentrys_own_scrubber_finds_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanitizer, "sanitize_envelope", lambda envelope, lost: envelope)
    journey = Journey()
    sent(tmp_path, every_field(journey.cage, ("card", "email", "SSN", "PEM key", "IPv6", "IBAN")), journey)
    found = relay_finds(journey.bodies)
    for rule in ("@creditcard", "@email", "@usssn", "@pemkey", "@ip", "@iban"):
        assert sum(f"'{rule}'" in finding for finding in found) > 300
    assert any("names" in finding for finding in found)


def test_without_one_rule_both_searches_find_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "mask_emails", str)
    journey = Journey()
    with on_the_machine_of_somebody():
        sent(tmp_path, every_form(journey.cage, ("email", "French phone", "IPv4")), journey)
    found = leaked(journey.cage.planted, Received.of(*journey.bodies))
    assert {canary.kind for canary in found} == {"email"}
    assert {canary.form for canary in found} == {"plain", *DISGUISES}
    assert any("'@email'" in finding for finding in relay_finds(journey.bodies))


def test_sentry_refuses_a_mask_in_the_name_of_a_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTag:
        @staticmethod
        def sub(_: str, tag: str) -> str:
            return tag

    monkeypatch.setattr(field_rules, "_NO_TAG", NoTag)
    journey = Journey()
    sent(tmp_path, every_form(journey.cage, ["IPv4", "IBAN"]), journey)
    refused = [error for event in payloads(journey.bodies, *EVENTS) for error in relay_errors(event)]
    assert any(error.startswith("tags.") for error in refused)
