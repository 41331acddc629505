"""What guessers try first is common in every disguise; what people think up themselves is not."""

import pytest

from services.auth.passwords import is_common


@pytest.mark.parametrize(
    "password",
    [
        "Motdepasse123!",
        "Mot de passe 2027 !",
        "mot-de-passe-!",
        "P@ssw0rd!2024",
        "PASSWORD.password",
        "Summer2024!!",
        "Été 2027 !!!!",
        "Azertyuiop1!",
        "qwertyuiop[]",
        "1qaz@WSX3edc",
        "1234567890-=",
        "!@#$%^&*()_+",
        "!!!!!!!!!!!!",
        "12.34.56.78.90",
        "Epic-Events 2026!",
        "Je t'aime mon amour",
        "Liberté, Égalité, Fraternité",
    ],
)
def test_a_password_of_the_list_is_common_in_any_disguise(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "tournesol violet 83",
        "Grue bleue, pont neuf",
        "83 92 11 74 55 03",
        "kJ8#mQ2$vL9x",
        "zèbre à pois ? oui",
        "",
    ],
)
def test_any_other_password_is_not(password: str) -> None:
    assert not is_common(password)
