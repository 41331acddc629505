"""The home folder, the login name and the host name of the machine are masked."""

import getpass
import os
import platform

import pytest

from services.monitoring.scrubbing import REDACTED, Surroundings, scrub, scrub_exception_text, scrub_text

HERE = Surroundings(homes=("/srv/people/claire", "C:\\Users\\claire"), logins=("claire",), hosts=("poste-7",))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("/srv/people/claire/crm.db", f"{REDACTED}/crm.db"),
        ("sqlite:////srv/people/claire/crm.db", f"sqlite:{REDACTED}/crm.db"),
        ("c:\\users\\claire\\x", f"{REDACTED}\\x"),
        ("C:\\\\Users\\\\claire\\\\x", f"{REDACTED}\\\\x"),
        ("/home/other/x", f"{REDACTED}/x"),
        ("/var/home/other/x", f"{REDACTED}/x"),
        ("/Users/other", REDACTED),
        ("claire@", f"{REDACTED}@"),
        ("CLAIRE et poste-7", f"{REDACTED} et {REDACTED}"),
        ("Poste-7:5432", f"{REDACTED}:5432"),
    ],
)
def test_names_of_the_machine_are_masked(text: str, masked: str) -> None:
    assert scrub_text(text, HERE) == masked
    assert scrub_text(masked, HERE) == masked
    assert scrub({"note": text}, HERE) == {"note": masked}
    assert scrub_exception_text("OSError", text, HERE) == masked


@pytest.mark.parametrize(
    "text", ["clairement", "éclaire", "claire_x", "poste-70", "/srv/people/clairette", "/users/7"]
)
def test_a_longer_word_with_the_same_start_is_kept(text: str) -> None:
    assert scrub_text(text, HERE) == text


@pytest.mark.parametrize(
    "login", ["root", "admin", "user", "ubuntu", "runner", "docker", "app", "Admin", "jo", "x"]
)
def test_role_names_and_very_short_names_are_kept(login: str) -> None:
    here = Surroundings(homes=("/",), logins=(login,), hosts=("localhost", "vm"))
    text = f"{login} at localhost on vm opens /usr/x and /"
    assert scrub_text(text, here) == text


def test_the_home_folder_of_a_role_is_masked() -> None:
    assert scrub_text("/srv/app/.local/x", Surroundings(homes=("/srv/app",))) == f"{REDACTED}/.local/x"


def test_unknown_surroundings_mask_nothing() -> None:
    assert scrub_text("claire sur poste-7", Surroundings()) == "claire sur poste-7"


def test_the_surroundings_of_this_machine_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/people/marie")
    monkeypatch.setenv("LOGNAME", "marie")
    monkeypatch.setattr(platform, "node", lambda: "poste-9.bureau.example")
    here = Surroundings.read()
    assert here.homes[0] == "/srv/people/marie"
    assert "marie" in here.logins
    assert here.hosts == ("poste-9.bureau.example", "poste-9")


def test_unreadable_surroundings_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> str:
        raise OSError("no")

    for module, name in ((getpass, "getuser"), (os, "getlogin"), (platform, "node"), (os.path, "expanduser")):
        monkeypatch.setattr(module, name, silent)
    monkeypatch.delenv("USERNAME", raising=False)
    assert Surroundings.read() == Surroundings()
