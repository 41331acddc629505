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
