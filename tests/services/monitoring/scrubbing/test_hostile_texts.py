"""Texts that make a bad regular expression backtrack for hours; the timeout of pytest detects a hang."""

import pytest

from services.monitoring.scrubbing import scrub_exception_text, scrub_text
from services.monitoring.scrubbing.placeholders import TEXT_LIMIT
from tests.services.monitoring.scrubbing.corpus import MACHINE

UNITS = [
    "a", "1", "@", "-", "=", "_", ".", ":", "/", "\\", "%", "'", '"', "(", "[", "{", "+", "~", "$", "&",
    "<", "«", "“", "a@", "a.", "a-", "@a", "1-", "1.", "1:", "::", "a=", "4 ", "06.", "+3", "%25",
    "\\u0040", "&#64;", "eyJ-", "xoxb-", "s.", "hvs.", "FR76", "Zm9v", "-----BEGIN ",
    "-----BEGIN A-----", "http://", "://a:", "a:b@", "password=", "(0)password:", "password:'",
    "Key (a)=(", "[parameters: ", "input_value=", "'a ", "DETAIL:", "/home/", "C:\\Users\\", "1.1.1.1 ",
    "\u200b", "１", "é", "\ud800", "123-45-", "AB12", "AAAA", "hooks.slack.com/", "MNO",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS)
def test_scrubbing_a_megabyte_terminates(unit: str) -> None:
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    assert len(scrub_text(text, MACHINE)) <= TEXT_LIMIT
    assert len(scrub_exception_text("ValueError", text, MACHINE)) <= TEXT_LIMIT


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS)
def test_scrubbing_the_longest_kept_text_terminates(unit: str) -> None:
    text = (unit * (TEXT_LIMIT // len(unit) + 1))[:TEXT_LIMIT]
    once = scrub_text(text, MACHINE)
    assert len(once) <= TEXT_LIMIT
    assert scrub_text(once, MACHINE) == once


def test_deeply_nested_escapes_are_redacted() -> None:
    text = "john.doe@example.com"
    for _ in range(8):
        text = "".join(f"\\u{ord(character):04x}" for character in text[:8]) + text[8:]
        text = text.replace("\\", "%5c")
    assert "doe" not in scrub_text(text)
