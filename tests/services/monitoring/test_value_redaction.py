"""A value on a screen is masked in every part of an item and in every spelling."""

from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope, Item, PayloadRef

from services import monitoring
from services.monitoring import user_feedback, value_redaction, vocabulary
from services.monitoring.envelope.sanitizer import sanitize_envelope
from services.settings import load_settings
from tests.support.envelopes import EnvelopeRecorder

SHOWN = ["Kevin Casey", "Élodie Œuvrard", "Maison Bleue", "commercial1", "signed", "Commercial"]


@pytest.fixture
def shown() -> Iterator[None]:
    end = value_redaction.add_source(lambda: SHOWN)
    yield
    end()
    value_redaction.clear()


@pytest.mark.parametrize(
    "written",
    [
        "Kevin Casey", "KEVIN CASEY", "kevin casey", "kevin.casey", "kevin_casey", "Kevin-Casey",
        "kevincasey", "casey.kevin", "Casey, Kevin", "CASEY Kevin", "Kévin  Casey", "elodie.oeuvrard",
        "ELODIE ŒUVRARD", "maison-bleue", "MaisonBleue", "maison_bleue",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("shown")
def test_a_value_is_found_folded_and_with_the_separators_of_logins(written: str) -> None:
    masked = value_redaction.redactor()
    for text in (written, f"lost: {written}.", f"({written})", f"a/{written}/b"):
        assert masked(text) == text.replace(written, "[REDACTED]")
        assert written not in value_redaction.redact(text)


@pytest.mark.parametrize(
    "innocent",
    ["Kevin", "cases", "kevin or casey", "the maison of a bleue day", "signed", "COMMERCIAL"],
)
@pytest.mark.usefixtures("shown")
def test_a_part_of_a_value_and_the_words_of_the_program_stay(innocent: str) -> None:
    assert value_redaction.redactor()(innocent) == innocent


def _left(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    envelope = Envelope(items=[Item(PayloadRef(json=data), type=kind)])
    safe = sanitize_envelope(envelope)
    assert safe is not None
    (item,) = safe.items
    assert item.payload.json is not None
    return item.payload.json  # type: ignore[no-any-return]


@pytest.mark.usefixtures("shown")
def test_no_field_of_an_event_holds_a_value_of_the_screens() -> None:
    event = {
        "event_id": "a" * 32,
        "message": "KEVIN CASEY is gone",
        "logentry": {"message": "no kevin.casey", "params": ["Kevin Casey"]},
        "tags": {"who": "kevin.casey", "department": "COMMERCIAL", "screen": "ClientsScreen"},
        "extra": {"note": ["casey_kevin"]},
        "contexts": {"epicevents": {"about": "Maison-Bleue", "username": "commercial1"}},
        "breadcrumbs": {
            "values": [
                {"category": "ui.action", "message": "KEVIN CASEY", "data": {"name": "kevin casey"}},
                {"category": "action", "message": "Création d'un client"},
                {"category": "navigation", "message": "ClientsScreen → ClientForm"},
            ]
        },
        "user": {"id": "7", "username": "commercial1", "department": "COMMERCIAL"},
    }
    left = _left("event", event)
    folded = str(left).lower()
    assert "kevin" not in folded
    assert "bleue" not in folded
    assert left["user"]["username"] == "commercial1"
    assert left["tags"]["department"] == "COMMERCIAL"
    assert left["tags"]["screen"] == "ClientsScreen"
    assert [crumb["message"] for crumb in left["breadcrumbs"]["values"][1:]] == [
        "Création d'un client", "ClientsScreen → ClientForm",
    ]  # fmt: skip


@pytest.mark.usefixtures("shown")
def test_the_username_stays_where_the_contract_asks_for_it() -> None:
    for text in vocabulary.WITH_USERNAME:
        message = text.format(username="commercial1")
        assert _left("event", {"event_id": "a" * 32, "logentry": {"message": message}})["logentry"] == {
            "message": message
        }
    other = {"event_id": "a" * 32, "logentry": {"message": "lost the record of commercial1"}}
    assert "commercial1" not in str(_left("event", other))


def test_feedback_after_a_crash_holds_no_value_of_the_crashed_screen(
    recorder: EnvelopeRecorder, monkeypatch: pytest.MonkeyPatch, sentry_off_at_the_end: None
) -> None:
    monkeypatch.setenv("SENTRY_DSN", recorder.dsn)
    monitoring.init_sentry(load_settings())
    value_redaction.keep(["Kevin Casey"])
    event_id = monitoring.capture_exception(RuntimeError("stopped"))
    assert event_id is not None
    assert user_feedback.send_feedback(event_id, "I was calling KEVIN.CASEY back")
    sentry_sdk.flush(2)
    told = recorder.items("feedback")
    assert told
    assert "kevin" not in str(told).lower()


def test_quoted_program_names_stay_in_exceptions_and_others_are_masked() -> None:
    def text_of(value: str) -> str:
        event = {"event_id": "a" * 32, "exception": {"values": [{"type": "KeyError", "value": value}]}}
        return str(_left("event", event)["exception"]["values"][0]["value"])

    for own in ("amount", "sales_contact_id", "EPICEVENTS_LANGUAGE", "services.clients", "ends_at"):
        assert text_of(f"'{own}'") == f"'{own}'"
    for value in ("Casey", "kevin@startup.io", "33 Main Street", "amount of Kevin"):
        assert value not in text_of(f"'{value}'")


@pytest.mark.parametrize("release", ["epicevents@main", "epicevents@unknown", "agency/2026.11", "v1-rc@host"])
def test_the_release_that_the_program_was_started_with_is_never_masked(
    recorder: EnvelopeRecorder, monkeypatch: pytest.MonkeyPatch, release: str, sentry_off_at_the_end: None
) -> None:
    from services.monitoring.envelope import field_rules

    field_rules.trust_release(release)
    event = {
        "event_id": "a" * 32,
        "release": release,
        "environment": "production",
        "server_name": "epicevents",
    }
    left = _left("event", event)
    assert (left["release"], left["environment"], left["server_name"]) == (
        release,
        "production",
        "epicevents",
    )
    assert _left("event", {"event_id": "a" * 32, "release": "john.doe@example.org"})["release"] != (
        "john.doe@example.org"
    )


def test_a_wireframe_is_not_changed() -> None:
    drawn = "│ 00 00 00 00 00 │ +\n│ 0000 0000 0000 0000 │".replace("+", ".")
    envelope = Envelope(
        items=[Item(drawn.encode(), headers={"filename": "wireframe.txt"}, type="attachment")]
    )
    safe = sanitize_envelope(envelope)
    assert safe is not None
    assert safe.items[0].get_bytes().decode() == drawn
