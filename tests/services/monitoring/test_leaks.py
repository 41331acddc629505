"""Nothing personal leaves: a secret of each kind in each field of each kind of item, and what arrives.

Each secret is another one and planted once. What arrives is searched for all of them in every form that a
program may write them in, and shown to Sentry's own engine, which masks what is personal and lists what it
would refuse. What lies on the disk meanwhile is searched as well.
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
    """Canaries, what lay on the disk of them, and what arrived."""

    cage: Cage = field(default_factory=Cage)
    spooled: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


def sent(folder: Path, fillings: Iterable[Filling], journey: Journey) -> Journey:
    """Put an envelope for each filling on the disk while the server is away; then it is back."""
    away = EnvelopeRecorder()
    away.close()
    with capturing(away.dsn, folder) as offline:
        for filling in fillings:
            offline.transport.capture_envelope(envelope(filling))
    # With the report of what was given up, which is made at the end.
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
    """Each kind in every field, also where only a number or one of a few words is taken."""
    for kind in kinds:
        yield Filling(cage.planter(kind), cage.secret_fields, broken=True, who=kind not in OF_THE_MACHINE)


def every_form(cage: Cage, kinds: Iterable[str] = KINDS) -> Iterator[Filling]:
    """Each kind in every form, in items that Sentry takes."""
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
    """Either."""
    found: Journey = request.getfixturevalue(request.param)
    return found


def test_none_of_all_secrets_arrives_in_any_form(journey: Journey) -> None:
    assert len(journey.bodies) == len(KINDS) + 1
    assert len(journey.cage.planted) > 15_000
    assert [str(canary) for canary in leaked(journey.cage.planted, Received.of(*journey.bodies))] == []


def test_none_of_all_secrets_lies_on_the_disk(journey: Journey) -> None:
    assert len(journey.spooled) == len(KINDS) + 1
    assert [str(canary) for canary in leaked(journey.cage.planted, Received.of(*journey.spooled))] == []


def test_every_kind_of_item_arrives(journey: Journey) -> None:
    kinds = Counter(kind for kind, _ in ITEMS.values()) + Counter(attachment=4)
    arrived = [
        Counter(str(item.headers["type"]) for item in each.items) for each in envelopes(journey.bodies)
    ]
    assert Counter(sum(each.values()) for each in arrived) == {1: 1, kinds.total(): len(KINDS)}
    assert all(each == kinds for each in arrived if each != {"client_report": 1})


def test_sentrys_engine_finds_nothing_left_to_mask(journey: Journey) -> None:
    assert relay_finds(journey.bodies) == []


def test_sentry_refuses_no_field_of_what_arrives(disguised: Journey) -> None:
    events = payloads(disguised.bodies, *EVENTS)
    assert len(events) == 4 * len(KINDS)
    assert [error for event in events for error in relay_errors(event)] == []


# The judges themselves: each finds what it is there to find.


@pytest.mark.parametrize("fillings", [every_field, every_form])
def test_without_the_gate_the_search_finds_every_secret_in_every_form(
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


def test_without_the_gate_sentrys_engine_finds_what_it_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanitizer, "sanitize_envelope", lambda envelope, lost: envelope)
    journey = Journey()
    sent(tmp_path, every_field(journey.cage, ("card", "email", "SSN", "PEM key", "IPv6", "IBAN")), journey)
    found = relay_finds(journey.bodies)
    for rule in ("@creditcard", "@email", "@usssn", "@pemkey", "@ip", "@iban"):
        assert sum(f"'{rule}'" in finding for finding in found) > 300
    assert any("names" in finding for finding in found)


def test_without_one_rule_its_secrets_leak_and_both_searches_tell(
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


def test_a_mask_where_sentry_takes_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTag:
        @staticmethod
        def sub(_: str, tag: str) -> str:
            return tag

    monkeypatch.setattr(field_rules, "_NO_TAG", NoTag)
    journey = Journey()
    sent(tmp_path, every_form(journey.cage, ["IPv4", "IBAN"]), journey)
    refused = [error for event in payloads(journey.bodies, *EVENTS) for error in relay_errors(event)]
    assert any(error.startswith("tags.") for error in refused)
