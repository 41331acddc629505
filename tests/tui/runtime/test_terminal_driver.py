"""What the parser of the terminal makes of bytes, where a key has a name of its own in Textual."""

from textual.events import Key

from tui.runtime.key_queue import DIGITS_OF_AZERTY
from tui.runtime.terminal_driver import TolerantParser


def test_the_bytes_of_a_terminal_give_these_characters() -> None:
    typed = "".join(DIGITS_OF_AZERTY)
    keys = [event for event in TolerantParser().feed(typed.encode().decode()) if isinstance(event, Key)]
    assert [key.character for key in keys] == list(DIGITS_OF_AZERTY)
    assert not [key.key for key in keys if "+" in key.key]
