"""Text as it enters and as it is searched: the tables of what stays, what goes, and what is alike."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import clean_typed, fold, has_unsafe, is_blank, is_unsafe, normalise, search_terms

FOLDED = [
    ("Élodie", "elodie"),
    ("ÉLODIE", "elodie"),
    ("e\u0301lodie", "elodie"),
    ("Œuvre", "oeuvre"),
    ("Ægir", "aegir"),
    ("Søren", "soren"),
    ("Łódź", "lodz"),
    ("Đorđe", "dorde"),
    ("Straße", "strasse"),
    ("STRASSE", "strasse"),
    ("Þór", "thor"),
    ("Ðiana", "diana"),
    ("Ħal", "hal"),
    ("Işık", "isik"),
    ("İzmir", "izmir"),
    ("Ŋuŋu", "nunu"),
    ("l’Été", "l'ete"),
    ("ﬁnance", "finance"),
    ("ＡＢＣ１２３", "abc123"),
    ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
    ("Σίσυφος", "σισυφοσ"),
    ("Ёлка", "елка"),
    ("שָׁלוֹם", "שלום"),
    ("東京", "東京"),
    ("🎉 fête", "🎉 fete"),
    ("100 %_\\", "100 %_\\"),
    ("", ""),
]

UNSAFE = [
    ("\x00", "NUL"),
    ("\x07", "bell"),
    ("\x1b", "escape"),
    ("\x7f", "delete"),
    ("\x9b", "the C1 start of a control sequence"),
    ("\x85", "next line"),
    ("\u2028", "line separator"),
    ("\u2029", "paragraph separator"),
    ("\ud800", "lone surrogate"),
    ("\udfff", "lone surrogate"),
    ("\u202e", "right-to-left override"),
    ("\u202a", "embedding"),
    ("\u2066", "isolate"),
    ("\u2069", "end of isolate"),
    ("\u200f", "right-to-left mark"),
    ("\u061c", "Arabic letter mark"),
]

SAFE = [
    "a", "é", "e\u0301", "’", "-", "東", "ש", "ا", "👩‍🚀", "🇫🇷",
    "\u200d", "\u200c", "\u00a0", "[", "]", "\\", "ß",
]  # fmt: skip


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_text_is_folded_without_case_or_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_and_composition_do_not_matter_to_the_fold(text: str) -> None:
    folded = fold(text)
    assert fold(text.casefold()) == folded
    assert fold(unicodedata.normalize("NFC", text)) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def test_every_letter_of_the_languages_of_europe_folds_to_plain_letters() -> None:
    letters = [chr(code) for code in range(0xC0, 0x180) if chr(code).isalpha()]
    # The dot within Catalan's l·l is a sign of its own and stays.
    assert [letter for letter in letters if not fold(letter).isascii()] == ["Ŀ", "ŀ"]


@pytest.mark.parametrize(("character", "name"), UNSAFE)
def test_what_moves_the_cursor_or_reorders_its_neighbours_is_unsafe(character: str, name: str) -> None:
    assert is_unsafe(character), name
    assert has_unsafe(f"Anna {character} Nowak"), name
    assert has_unsafe(f"Anna {character} Nowak", multiline=True), name
    assert clean_typed(f"Anna{character}", multiline=True) == "Anna", name


@pytest.mark.parametrize("character", SAFE)
def test_letters_of_any_script_joiners_and_emoji_are_safe(character: str) -> None:
    assert not has_unsafe(character)
    assert clean_typed(character) == character


@pytest.mark.parametrize("character", ["\n", "\t"])
def test_line_breaks_and_tabs_stand_in_notes_only(character: str) -> None:
    assert is_unsafe(character)
    assert not is_unsafe(character, multiline=True)


def test_no_control_character_of_unicode_is_safe() -> None:
    controls = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cc"]
    assert len(controls) == 65
    assert [character for character in controls if not is_unsafe(character)] == []


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("Anna\nNowak", "Anna Nowak"),
        ("Anna\r\nNowak", "Anna  Nowak"),
        ("Anna\tNowak", "Anna Nowak"),
        ("\x1b[31mAnna\x1b[0m", "[31mAnna[0m"),
        ("Anna\x00Nowak", "AnnaNowak"),
        ("\u202eannA", "annA"),
        ("[/bold]", "[/bold]"),
        ("", ""),
    ],
)
def test_a_typed_line_is_made_fit_to_keep(typed: str, cleaned: str) -> None:
    assert clean_typed(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("\tindented", "\tindented"),
        ("a\x0bb\x0cc\x1bd", "abcd"),
    ],
)
def test_pasted_notes_keep_their_lines_and_lose_what_is_unsafe(typed: str, cleaned: str) -> None:
    assert clean_typed(typed, multiline=True) == cleaned


@given(st.text(), st.booleans())
def test_cleaned_text_is_never_unsafe_and_safe_text_is_left_alone(text: str, multiline: bool) -> None:
    cleaned = clean_typed(text, multiline=multiline)
    assert not has_unsafe(cleaned, multiline=multiline)
    assert clean_typed(cleaned, multiline=multiline) == cleaned
    assert has_unsafe(text, multiline=multiline) or cleaned == text


def test_equal_looking_texts_are_equal_once_normalised() -> None:
    assert normalise(" E\u0301lodie\u00a0") == "Élodie"


@pytest.mark.parametrize(
    ("typed", "terms"),
    [("  Élodie   DUPONT ", ["elodie", "dupont"]), ("", []), ("   ", []), ("50 %", ["50"])],
)
def test_a_search_is_its_folded_words(typed: str, terms: list[str]) -> None:
    assert search_terms(typed) == terms


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200d", "\u0301", "\u00a0\u2060\ufeff"])
def test_a_text_of_which_nothing_is_seen_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200bа", "漢", "👩", "e\u0301", "-", "क\u093e"])
def test_a_text_of_which_anything_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)
