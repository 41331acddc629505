"""English is written in the code; each catalogue is complete, and says the same with the same places."""

import ast
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services import i18n
from services.formats import locale_rules
from services.i18n import LANGUAGES
from services.monitoring import console_lines

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "services" / "locale"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "N_plural": (1, 2), "problem": (2,)}
Texts = str | tuple[str, ...]
every_language = pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])


def _written() -> set[Texts]:
    texts: set[Texts] = set()
    for package in ("models", "services", "tui", "cli"):
        for _file, _line, text, *_comments in extract_from_dir(str(ROOT / package), keywords=KEYWORDS):
            texts.add(text if isinstance(text, str) else tuple(text))
    return texts


def _file(language: str, suffix: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"epicevents.{suffix}"


def _catalogue(language: str) -> Catalog:
    with _file(language, "po").open("rb") as file:
        return read_po(file, locale=language, domain="epicevents")


def _messages(language: str) -> list[Message]:
    return [message for message in _catalogue(language) if message.id]


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _pairs(message: Message) -> list[tuple[str, str]]:
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    return [(message.id[-1], text) for text in message.string or ()]


def test_each_language_but_english_has_a_catalogue() -> None:
    assert {"en", *(folder.name for folder in FOLDER.iterdir())} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_lines_that_need_no_catalogue(language: str) -> None:
    i18n.activate(language)
    assert console_lines.prefix("warning")
    assert locale_rules.decimal_mark() != locale_rules.thousands_mark()
    for texts in (
        console_lines.STARTED,
        console_lines.NOT_CONFIGURED,
        console_lines.BAD_SETTING,
        console_lines.FAILED,
    ):
        assert console_lines.in_language(texts)


@every_language
def test_every_text_of_the_program_is_in_the_catalogue_and_no_other(language: str) -> None:
    translated = {message.id for message in _messages(language)}
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
    assert called - _written() == set()


@every_language
def test_every_text_is_translated(language: str) -> None:
    unfinished = [m.id for m in _messages(language) if m.fuzzy or not all(text for _, text in _pairs(m))]
    assert unfinished == []


@every_language
def test_translations_fill_the_same_places_as_english(language: str) -> None:
    # A singular may leave its number out; every other text fills all its places.
    wrong = [
        source
        for message in _messages(language)
        for source, text in _pairs(message)
        if _places(text) != _places(source) and not (message.pluralizable and text == _pairs(message)[0][1])
    ]
    assert wrong == []


@every_language
def test_the_compiled_catalogue_is_that_of_the_written_one(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))
    assert _file(language, "mo").read_bytes() == compiled.getvalue()
