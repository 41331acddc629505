"""The words that a record is found by, and those of a search."""

import pytest

from models.search_words import NO_WORDS, search_terms, spelled, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("O'Mara", "o mara omara"),
        ("O’Mara", "o mara omara"),
        ("L'Oréal", "l oreal loreal"),
        ("Coca-Cola", "coca cola cocacola"),
        ("S.A.R.L.", "s a r l sarl arl rl"),
        ("S A R L", "s a r l sarl arl rl"),
        ("J.-P. Dupont", "j p jp pdupont dupont"),
        ("Le Gall", "le legall gall"),
        ("Marie Brun", "marie brun"),
        ("C# C++ Canal+", "csharp cplusplus canalplus"),
        ("a+b #1", "aplus b 1"),
        ("田中美咲", "田中美咲 中美咲 美咲 咲"),
        ("田中　美咲", "田中美咲 中美咲 美咲 咲"),
        ("田中Tower美咲", "田中 中 tower 美咲 咲"),
        ("一二三四五六七八九",
         "一二三四五六七八 二三四五六七八九 三四五六七八九 四五六七八九 五六七八九 六七八九 七八九 八九 九"),
        ("👩‍🚀", "👩🚀 🚀"),
        ("%_*", ""),
    ],
)  # fmt: skip
def test_a_record_has_the_words_of_a_text_however_they_are_written(text: str, words: str) -> None:
    assert words_of(text) == words.split()


@pytest.mark.parametrize("first", ["Le", "O'", "Anna ", "S.", "美咲", "Dupont", "", "Lot 3"])
@pytest.mark.parametrize("second", ["Gall", "Mara-Brun", "A.R.L.", "田中", "2026", ""])
def test_the_words_of_two_texts_put_together_are_those_of_their_text(first: str, second: str) -> None:
    single_letters = first in ("O'", "S.") and second == "A.R.L."
    if not single_letters and (first, second) != ("美咲", "田中"):  # which are one word, and one run
        assert spelled(first) + spelled(second) == spelled(f"{first} {second}")
    assert NO_WORDS + spelled(first) == spelled(first) + NO_WORDS == spelled(first)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("  Élodie   DUPONT ", [("elodie",), ("dupont", "elodiedupont")]),
        ("jean-pierre", [("jean",), ("pierre", "jeanpierre")]),
        ("06 98", [("06", "§0698", "¤0698"), ("98", "§0698", "¤0698")]),
        ("+33 (0)6", [("33", "§336"), ("6", "§336")]),
        ("C2026-00412", [("c2026",), ("00412", "c202600412")]),
        ("c#", [("csharp",)]),
        (".net", [("net",)]),
        ("", []),
        ("   ", []),
        ("% _ * \" ' - . ( ) #", []),
        ("\u200b\u00ad", []),
    ],
)
def test_a_search_is_its_folded_words(typed: str, terms: list[tuple[str, ...]]) -> None:
    assert search_terms(typed) == terms


def test_a_long_run_is_looked_for_in_pieces_that_the_index_knows() -> None:
    assert search_terms("一二三四五六七八九十") == [("一二三四五六七八",), ("三四五六七八九十",)]


@pytest.mark.parametrize("typed", ["\u0947", "\u0947 *", "\u0301", "%", "_ *"])
def test_marks_without_a_letter_are_no_search(typed: str) -> None:
    assert search_terms(typed) == []
