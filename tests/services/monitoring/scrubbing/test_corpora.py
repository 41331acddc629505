"""The numbers of missed secrets and of wrongly changed innocent texts in the two corpora."""

from collections.abc import Callable

import pytest

from services.monitoring.scrubbing import scrub, scrub_text
from tests.services.monitoring.scrubbing.corpus import EATEN, MACHINE, MISSED, innocents, secrets


def as_text(text: str) -> str:
    return scrub_text(text, MACHINE)


def as_value(text: str) -> str:
    return str(scrub({"note": [text]}, MACHINE)["note"][0])


def as_bytes(text: str) -> str:
    return str(scrub({"note": (text.encode(),)}, MACHINE)["note"][0])


def as_key(text: str) -> str:
    return str(next(iter(scrub({text: 1}, MACHINE))))


EVERY_WAY = pytest.mark.parametrize("scrubbed", [as_text, as_value, as_bytes, as_key])


def test_the_corpora_are_large_enough() -> None:
    assert len(secrets()) >= 950
    assert len(innocents()) >= 650


@EVERY_WAY
def test_no_secret_is_missed(scrubbed: Callable[[str], str]) -> None:
    missed = {item.text for item in secrets() if not item.is_gone_from(scrubbed(item.text))}
    assert missed == MISSED


@EVERY_WAY
def test_no_innocent_text_is_changed(scrubbed: Callable[[str], str]) -> None:
    eaten = {item.text for item in innocents() if scrubbed(item.text) != item.text}
    assert eaten == EATEN


def test_scrubbing_twice_changes_nothing() -> None:
    once = [as_text(item.text) for item in secrets()]
    assert [as_text(text) for text in once] == once


def test_a_secret_within_a_sentence_is_masked() -> None:
    kinds = {"card", "email", "phone", "ip", "iban", "jwt", "token", "base64"}
    missed = {
        item.text
        for item in secrets()
        if item.kind in kinds and not item.is_gone_from(as_text(f"avant ({item.text}), après\nfin"))
    }
    assert missed - MISSED == set()
