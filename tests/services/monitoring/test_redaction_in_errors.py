"""Values that people typed are kept out of exceptions by value: whole, word by word, and for a while."""

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


def test_what_was_remembered_is_masked_for_a_while_and_legible_later(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = Moment(monkeypatch)
    remember(["Lanterns"])
    moment.now += LASTING - 0.1
    assert redact("KeyError: Lanterns") == f"KeyError: {REDACTED}"
    moment.now += 0.2
    assert redact("KeyError: Lanterns") == "KeyError: Lanterns"


def test_what_is_shown_is_masked_until_it_is_shown_no_more() -> None:
    end = add_source(lambda: ["Ropes and tents"])
    assert redact("Ropes and tents") == REDACTED
    end()
    assert redact("Ropes and tents") == "Ropes and tents"


@pytest.mark.parametrize("value", ["Ann", "2027", "", "   ", "1234.56"])
def test_what_is_short_or_a_number_names_nobody(value: str) -> None:
    remember([value])
    assert redact("Annex 2027 of 1234.56") == "Annex 2027 of 1234.56"


def test_a_source_that_fails_costs_the_text_and_no_later_one() -> None:
    def broken() -> Iterable[str]:
        raise ZeroDivisionError

    end = add_source(broken)
    assert redact("an innocent text") == REDACTED
    assert redactor()("an innocent text") == REDACTED
    end()
    assert redact("an innocent text") == "an innocent text"
