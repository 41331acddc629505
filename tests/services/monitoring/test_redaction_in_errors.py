"""Typed values are masked in exceptions, as a whole and word by word, for some seconds."""

from collections.abc import Iterable, Iterator

import pytest

from services.monitoring import value_redaction
from services.monitoring.value_redaction import LASTING, REDACTED, add_source, redact, redactor, remember


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    value_redaction.clear()
    yield
    value_redaction.clear()


class Moment:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(value_redaction, "monotonic", lambda: self.now)


def test_a_value_is_masked_whole_and_by_each_of_its_words() -> None:
    remember(["Kévin Casey"])
    assert redact("no row for Kévin Casey") == f"no row for {REDACTED}"
    assert redact("Casey has no phone") == f"{REDACTED} has no phone"


def test_a_remembered_value_is_masked_for_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = Moment(monkeypatch)
    remember(["Lanterns"])
    moment.now += LASTING - 0.1
    assert redact("KeyError: Lanterns") == f"KeyError: {REDACTED}"
    moment.now += 0.2
    assert redact("KeyError: Lanterns") == "KeyError: Lanterns"


def test_a_value_is_masked_while_its_source_is_registered() -> None:
    end = add_source(lambda: ["Ropes and tents"])
    assert redact("Ropes and tents") == REDACTED
    end()
    assert redact("Ropes and tents") == "Ropes and tents"


@pytest.mark.parametrize("value", ["Ann", "2027", "", "   ", "1234.56"])
def test_short_words_and_numbers_are_not_masked(value: str) -> None:
    remember([value])
    assert redact("Annex 2027 of 1234.56") == "Annex 2027 of 1234.56"


def test_a_failing_source_redacts_the_text_until_it_is_removed() -> None:
    def broken() -> Iterable[str]:
        raise ZeroDivisionError

    end = add_source(broken)
    assert redact("an innocent text") == REDACTED
    assert redactor()("an innocent text") == REDACTED
    end()
    assert redact("an innocent text") == "an innocent text"
