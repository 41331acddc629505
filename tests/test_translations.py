"""English is written in the code; French has to be complete, and say the same with the same places."""

import ast
import string
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "services" / "locale" / "fr" / "LC_MESSAGES"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "N_plural": (1, 2)}
Texts = str | tuple[str, ...]


def _written() -> set[Texts]:
    texts: set[Texts] = set()
    for package in ("models", "services", "tui", "cli"):
        for _file, _line, text, *_comments in extract_from_dir(str(ROOT / package), keywords=KEYWORDS):
            texts.add(text if isinstance(text, str) else tuple(text))
    return texts


def _french() -> Catalog:
    with (FOLDER / "epicevents.po").open("rb") as file:
        return read_po(file, locale="fr", domain="epicevents")


def _messages() -> list[Message]:
    return [message for message in _french() if message.id]


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _pairs(message: Message) -> list[tuple[str, str]]:
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    return [(message.id[-1], text) for text in message.string or ()]


def test_every_text_of_the_program_is_in_the_french_catalogue_and_no_other() -> None:
    translated = {message.id for message in _messages()}
    assert _written() - translated == set()
    assert translated - _written() == set()


def test_no_text_stands_where_it_is_not_extracted() -> None:
    # Before Python 3.12 an f-string is one piece to whoever extracts the texts.
    called = {
        call.args[0].value
        for package in ("models", "services", "tui", "cli")
        for file in (ROOT / package).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_")
        if isinstance(call.args[0], ast.Constant)
    }
    assert called - {message.id for message in _messages()} == set()


def test_every_french_text_is_finished() -> None:
    unfinished = [m.id for m in _messages() if m.fuzzy or not all(french for _, french in _pairs(m))]
    assert unfinished == []


def test_french_texts_fill_the_same_places_as_english() -> None:
    # A singular may leave its number out; every other text fills all its places.
    wrong = [
        source
        for message in _messages()
        for source, french in _pairs(message)
        if _places(french) != _places(source)
        and not (message.pluralizable and french == _pairs(message)[0][1])
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_written_one() -> None:
    compiled = BytesIO()
    write_mo(compiled, _french())
    assert (FOLDER / "epicevents.mo").read_bytes() == compiled.getvalue()
