"""Which passwords are accepted, and that each counts whole, to its last character."""

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.text import normalise
from services.auth.passwords import MAX_LENGTH, check_policy, hash_password, needs_rehash, verify_password
from services.errors import Invalid

COST = 4
GOOD = "Orchids & anvils 7"

ACCEPTED = [
    (GOOD, "an ordinary one"),
    ("twelve chars", "the shortest"),
    ("é" * 11 + " ", "twelve letters with accents and a space"),
    ("x" * 999 + "!", "the longest"),
    ("correct horse battery staple forever", "words"),
    ("Unusual2027—", "a typographic dash"),
    ("пароль из слов", "another script"),
    ("🎉" * 12, "emoji"),
    ("e\u0301" * 600, "composed, 600 letters"),
]

REFUSED = [
    ("Short one 1", "eleven characters"),
    ("", "nothing"),
    ("x" * 1000 + "!", "a thousand and one"),
    ("e\u0301" * 11, "composed, eleven letters"),
    ("Abcdefghijk123", "fit for a username"),
    ("under_score-dash", "fit for a username"),
    ("new\nline in here", "a line break"),
    ("a\x00 b c d e f g h", "a NUL"),
    ("\ud800 and eleven more", "a lone surrogate"),
    ("\x1b[31m secret word", "an escape"),
]


@pytest.mark.parametrize(("password", "what"), ACCEPTED)
def test_a_password_of_12_to_1000_characters_is_accepted(password: str, what: str) -> None:
    check_policy(password, "anna_n")


@pytest.mark.parametrize(("password", "what"), REFUSED)
def test_a_password_that_breaks_a_rule_is_refused_by_its_field(password: str, what: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_policy(password, "anna_n", "new")
    (problem,) = refusal.value.field_problems()
    assert problem.field == "new"
    assert problem.message().endswith(".")
    assert not password or password not in problem.message()


@pytest.mark.parametrize(
    "password", ["anna_nowak_123!", "Anna-Nowak 123", " ANNA.NOWAK.123 ", "ánna nowák 123"]
)
def test_a_password_is_not_the_username_in_disguise(password: str) -> None:
    with pytest.raises(Invalid, match="correcting") as refusal:
        check_policy(password, "anna_nowak_123")
    assert "username" in refusal.value.field_problems()[0].message()
    check_policy(password, "somebody_else")


@pytest.mark.parametrize("password", ["Password123!", "password 1234", "Qwertyuiop123!"])
def test_a_common_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_policy(password, "anna_n")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("é" * 80, "é" * 79 + "e"),
        ("x" * 72 + " one", "x" * 72 + " two"),
        ("x" * 999 + "!", "x" * 999 + "?"),
        ("x" * 1000, "x" * 999),
        ("x" * 1000, "x" * 1001),
        ("tail\x00one, tail", "tail\x00two, tail"),
        ("e\u0301" * 999 + "a ", "e\u0301" * 999 + "b "),
    ],
)
def test_a_password_counts_to_its_last_character(first: str, second: str) -> None:
    stored = hash_password(first, COST)
    assert verify_password(first, stored, COST)
    assert not verify_password(second, stored, COST)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    longest = "é" * MAX_LENGTH
    stored = hash_password(longest, COST)
    assert verify_password("e\u0301" * MAX_LENGTH, stored, COST)


@settings(max_examples=15)
@given(password=st.text(max_size=200), other=st.text(max_size=200))
def test_any_text_can_be_hashed_and_only_itself_verifies(password: str, other: str) -> None:
    stored = hash_password(password, COST)
    assert verify_password(password, stored, COST)
    if normalise(f".{password}.") != normalise(f".{other}."):
        assert not verify_password(other, stored, COST)


def test_the_same_password_is_never_stored_alike() -> None:
    assert hash_password(GOOD, COST) != hash_password(GOOD, COST)
    assert GOOD not in hash_password(GOOD, COST)


@pytest.mark.parametrize(
    "stored", ["", "x", "$2b$04$short", "hmac-sha256:", "hmac-sha256:$2b$04$xx", "plain text", None]
)
def test_no_password_fits_what_is_no_hash_of_ours(stored: str | None) -> None:
    assert not verify_password(GOOD, stored, COST)
    assert not verify_password("nobody", stored, COST)
    assert not verify_password("", stored, COST)


@pytest.mark.parametrize(("cost", "weaker"), [(4, False), (5, True)])
def test_a_hash_is_made_anew_when_the_cost_has_risen(cost: int, weaker: bool) -> None:
    assert needs_rehash(hash_password(GOOD, 4), cost) is weaker


def test_what_is_no_hash_needs_one() -> None:
    assert needs_rehash("plain text", 4)


@pytest.mark.parametrize("stored", [None, "", "plain text", "$2b$04$of-another-scheme"])
def test_what_is_no_hash_of_ours_costs_a_whole_round_of_bcrypt(
    stored: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[bool] = []
    check = bcrypt.checkpw

    def noted(password: bytes, hashed: bytes) -> bool:
        # It raises at once, and costs nothing, where this is no hash.
        matches = check(password, hashed)
        rounds.append(hashed.startswith(b"$2b$05$"))
        return matches

    monkeypatch.setattr(bcrypt, "checkpw", noted)
    assert not verify_password("twelve chars", stored, 5)
    assert rounds == [True]
