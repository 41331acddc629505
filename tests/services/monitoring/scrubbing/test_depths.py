"""The limits of nested encodings and of short secrets, tested on both sides."""

from base64 import b64encode

import pytest

from services.monitoring.scrubbing import REDACTED, scrub_text
from services.monitoring.scrubbing.cards import is_card_number
from tests.services.monitoring.scrubbing.corpus import MACHINE

INNOCENT = "nothing to see here, move along"
PERSONAL = "reach jo at john.doe@example.com"


def nested(text: str, times: int) -> str:
    for _ in range(times):
        text = b64encode(text.encode()).decode()
    return text


@pytest.mark.parametrize("times", [1, 2, 3])
def test_base64_is_decoded_three_times_and_kept_if_harmless(times: int) -> None:
    assert scrub_text(nested(INNOCENT, times), MACHINE) == nested(INNOCENT, times)
    assert scrub_text(nested(PERSONAL, times), MACHINE) == REDACTED


@pytest.mark.parametrize("times", [4, 5, 8])
def test_more_deeply_nested_base64_is_masked(times: int) -> None:
    assert scrub_text(nested(INNOCENT, times), MACHINE) == REDACTED
    assert scrub_text(nested(PERSONAL, times), MACHINE) == REDACTED


def entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def escapes(text: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in text)


@pytest.mark.parametrize("text", ["john.doe@example.com", "a@example.com"])
def test_nested_escapes_are_decoded(text: str) -> None:
    masked = scrub_text(text, MACHINE)
    assert text not in masked
    assert scrub_text(entities(text), MACHINE) == masked
    assert scrub_text(escapes(entities(text)), MACHINE) == masked
    assert scrub_text(entities(escapes(entities(text))), MACHINE) == masked


@pytest.mark.parametrize(
    "text",
    ['password="a"', "token='0'", '{"password": "x"}', "secret = `z`", "mdp: 'é'", r"{\"api_key\": \"7\"}"],
)
def test_a_secret_may_have_one_character(text: str) -> None:
    masked = scrub_text(text, MACHINE)
    assert REDACTED in masked
    assert not any(quoted in masked for quoted in ('"a"', "'0'", '"x"', "`z`", "'é'", r"\"7\""))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('password "hunter22"', f'password "{REDACTED}"'),
        ('password "hunter2"', 'password "hunter2"'),
        ("api_key 'abcdefgh'", f"api_key '{REDACTED}'"),
        ("api_key 'abcdefg'", "api_key 'abcdefg'"),
        ('password "is not required"', 'password "is not required"'),
    ],
)
def test_a_quoted_value_after_a_name_is_a_secret_from_eight_characters_on(text: str, masked: str) -> None:
    assert scrub_text(text, MACHINE) == masked


# Each has the check digit of a card and the first digits of Diners Club; the first nine check as well.
@pytest.mark.parametrize("number", ["36416130724376", "36406195205395", "36240408990687"])
def test_a_company_number_is_no_card(number: str) -> None:
    assert not is_card_number(number)
    assert scrub_text(f"siret {number}", MACHINE) == f"siret {number}"


@pytest.mark.parametrize("number", ["36227206271667", "30569309025904"])
def test_a_card_of_fourteen_digits_is_no_company_number(number: str) -> None:
    assert is_card_number(number)
    assert number not in scrub_text(f"paid with {number}", MACHINE)
