"""A secret is found between quotes, brackets, colons and escaped line ends."""

import pytest

from services.monitoring.scrubbing import scrub_text
from tests.support.canaries import FORMS, KINDS, Cage, on_the_machine_of_somebody
from tests.support.leak_detectors import Received, leaked

AROUND = (
    "{}: no", "x={}", "'{}'", '"{}"', "({})", "[{}]", "<{}>", "a,{},b", "{}.", "{};", "{}?", "{}!", "{}|x",
    "#{}", "*{}*", "`{}`", "«{}»", "{}…", "→{}←", "to {} and", "key: {}", "id:{}", "Email:{}", "n°{}",
    "user={}&x=1", "{}/path", "/{}/", "{}'s", "{}, {}", "{}\n", "{}\r\n{}", "\t{}\t",
    r"one\n{}", r"{}\n", r"\'{}\'", "b'{}'",
    "\x1b[31m{}\x1b[0m", "12 {}", "{} 12", "{} (12)", "7, {}", "{}, 7", "2026-01-09 {}", "{}-x",
    "> {}", "<b>{}</b>", "Anna <anna@example.org> {}", "Anna <anna@example.org>\n\n{}",
    "https://example.org/\n{}", "the release\n{}", "a -> {}",
)  # fmt: skip
GLUED_TO_A_NAME = {("login name", "{}-x"), ("host name", "{}-x")}
"""Another name than that of this machine, though it begins alike."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_is_masked_between_any_delimiters(kind: str, form: str) -> None:
    with on_the_machine_of_somebody():
        found = [around for around in AROUND if not _is_masked(kind, form, around)]
    assert [around for around in found if (kind, around) not in GLUED_TO_A_NAME] == []


def _is_masked(kind: str, form: str, around: str) -> bool:
    cage = Cage()
    text = around.replace("{}", cage.plant(kind, form, around))
    return not leaked(cage.planted, Received(scrub_text(text)))
