"""Pasted text arrives where it stands in the input, without its escape characters."""

import pytest
from textual import events
from textual.message import Message

from tui.runtime.terminal_driver import TolerantParser

START, END = "\x1b[200~", "\x1b[201~"


def told(*parts: str) -> list[str]:
    """The keys and pasted texts of some input, in their order."""
    parser = TolerantParser()
    found: list[Message] = []
    for part in parts:
        found.extend(parser.feed(part))
    return [
        f"paste {message.text}" if isinstance(message, events.Paste) else message.key
        for message in found
        if isinstance(message, events.Paste | events.Key)
    ]


@pytest.mark.parametrize("character", sorted({*map(chr, range(32, 127)), "é", "§"} - {"[", "O"}))
def test_escape_and_a_character_close_together_are_that_character_with_alt(character: str) -> None:
    assert told("\x1b" + character) == [f"alt+{told(character)[0]}"]
    assert told("\x1b" + character, "x") == [*told("\x1b" + character), "x"]


@pytest.mark.parametrize(("typed", "key"), [("\r", "enter"), ("\x13", "ctrl+s"), ("\x12", "ctrl+r")])
def test_escape_and_a_key_of_no_character_close_together_are_two_keys(typed: str, key: str) -> None:
    assert told("\x1b" + typed, "x") == ["escape", key, "x"]


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        ("\x1b[A", "up"),
        ("\x1bOP", "f1"),
        ("\x1b\x7f", "ctrl+w"),
        ("\x1b\t", "shift+tab"),
        ("\x1b[1;5C", "ctrl+right"),
        ("\x1b[Z", "shift+tab"),
    ],
)
def test_the_sequences_of_other_keys_are_those_keys(sequence: str, key: str) -> None:
    assert told(sequence) == [key]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("one", "one"),
        ("Zo\x1b[31mé", "Zo[31mé"),
        ("\x1b[A\x1b[B12 rue", "[A[B12 rue"),
        ("a\x1bb", "ab"),
        ("ends with\x1b", "ends with"),
        ("\x1b[<0;1;1Mclick", "[<0;1;1Mclick"),
        ("\x1b[200~again", "[200~again"),
        ("two\nlines\r\nof \x1b]0;title\x07 text", "two\nlines\r\nof ]0;title\x07 text"),
        ("", ""),
    ],
    ids=range(9),
)
def test_a_paste_is_one_message_between_the_keys_around_it(inside: str, text: str) -> None:
    assert told(f"x{START}{inside}{END}y") == ["x", f"paste {text}", "y"]


def test_a_paste_in_pieces_is_the_same_wherever_it_is_cut() -> None:
    whole = f"x{START}Zo\x1b[31mé{END}y"
    for place in range(1, len(whole)):
        assert told(whole[:place], whole[place:]) == ["x", "paste Zo[31mé", "y"], place
    assert told(*whole) == ["x", "paste Zo[31mé", "y"]


def test_keys_outside_a_paste_are_keys_and_two_pastes_are_two() -> None:
    assert told(f"\x1b[A{START}a{END}{START}b{END}\x1b[B") == ["up", "paste a", "paste b", "down"]
