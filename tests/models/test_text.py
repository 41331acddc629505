"""Text as it enters and as it is searched: the tables of what stays, what goes, and what is alike."""

import sys
import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import (
    clean_typed,
    fold,
    has_unsafe,
    is_blank,
    is_unsafe,
    normalise,
    plain_number,
    plain_signs,
    without_invisible,
)

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
    ("ｶﾞｰﾃﾞﾝ", "カーテン"),
    ("ガーデン", "カーテン"),
    ("٠٦ ०६ ๐๖", "06 06 06"),
    ("Du\u00adpont\u200b\ufeff", "dupont"),
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


SEEN: Final = [
    ("Du\u00adpont", "Dupont"),
    ("Anna\u200b Nowak", "Anna Nowak"),
    ("\ufeffAnna\u2060", "Anna"),
    ("\u202aAnna\u202c \u200eNowak\u200f", "Anna Nowak"),
    ("e\u200b\u0301", "e\u0301"),
    ("A\ufe0fnna", "Anna"),
    ("An\u200dna", "Anna"),
    ("An\u200cna", "Anna"),
    ("\u3164", ""),
    ("👩\u200d🚀", "👩\u200d🚀"),
    ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
    ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
    ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
    ("👩\u200d", "👩"),
    ("👩\u200d\u200d🚀", "👩\u200d🚀"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("دا\u200cر", "دار"),
    ("क्\u200dष", "क्\u200dष"),
    ("क्\u200d", "क्"),
]


@pytest.mark.parametrize(("typed", "seen"), SEEN)
def test_only_what_changes_the_look_stays_of_invisible_characters(typed: str, seen: str) -> None:
    assert without_invisible(typed) == seen


@given(st.text("ab\u00ad\u200b\u200c\u200d\u200e\ufe0f👩🚀می ا\u20e31🏴\U000e0067\U000e007fक्", max_size=12))
def test_what_has_lost_its_invisible_characters_loses_no_more(text: str) -> None:
    seen = without_invisible(text)
    assert without_invisible(seen) == seen
    assert normalise(normalise(text)) == normalise(text)
    assert fold(seen) == fold(text)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("06\u00a098\u202f76 54\t32", "06 98 76 54 32"),
        ("06\u201198\u201376\u221254", "06-98-76-54"),
        ("\u202a+33 6\u202c", "+33 6"),
        ("＋３３（０）６", "+33(0)6"),
        ("1\u2009234,50\u00a0€", "1 234,50 €"),
        ("15／06／2027", "15/06/2027"),
        ("a\u200bnna＠example．com", "anna@example.com"),
    ],
)
def test_what_is_pasted_is_as_a_keyboard_writes_it(typed: str, plain: str) -> None:
    assert plain_signs(typed) == plain
    assert plain_number(typed) == plain


def test_digits_of_other_scripts_are_those_of_a_number_and_stay_in_an_address() -> None:
    assert plain_number("٠٦۹۸०१") == "069801"
    assert plain_signs("٠٦") == "٠٦"


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200d", "\u0301", "\u00a0\u2060\ufeff"])
def test_a_text_of_which_nothing_is_seen_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200bа", "漢", "👩", "e\u0301", "-", "क\u093e"])
def test_a_text_of_which_anything_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)
