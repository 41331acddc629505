"""The team's accounts, managed by Gestion."""

import pytest

from tests.support.accounts import PASSWORD
from tests.support.command_line import CommandLine

BILL = (
    "create-user", "--username", "bill_b", "--first-name", "Bill", "--last-name", "Boquet",
    "--email", "bill@epicevents.example", "--department", "Commercial",
)  # fmt: skip


@pytest.fixture
def gestion(line: CommandLine) -> CommandLine:
    line.sign_in("gwenaelle")
    return line


def test_a_collaborator_is_created_and_signs_in(gestion: CommandLine) -> None:
    bill = gestion.done(*BILL, "--password-stdin", "--json", stdin=f"{PASSWORD}\n")
    assert (bill["username"], bill["department"], bill["active"]) == ("bill_b", "COMMERCIAL", True)
    assert not any("password" in field for field in bill)
    gestion.sign_in("bill_b")


def test_a_password_is_never_made_up(gestion: CommandLine) -> None:
    assert "--password-stdin: " in gestion.refused(2, *BILL)


def test_a_weak_password_is_refused(gestion: CommandLine) -> None:
    assert "--password-stdin: " in gestion.refused(2, *BILL, "--password-stdin", stdin="short\n")


def test_every_missing_field_is_named(gestion: CommandLine) -> None:
    said = gestion.refused(2, "create-user")
    for option in (
        "--username",
        "--first-name",
        "--last-name",
        "--email",
        "--department",
        "--password-stdin",
    ):
        assert f"{option}: " in said


def test_a_department_that_does_not_exist_is_refused(gestion: CommandLine) -> None:
    assert "--department: " in gestion.refused(2, "update-user", "claire_d", "--department", "sales")


def test_a_username_in_use_is_a_duplicate(gestion: CommandLine) -> None:
    said = gestion.refused(6, "update-user", "claire_d", "--username", "BENOIT_L")
    assert "--username: " in said


def test_the_last_account_of_gestion_stays(gestion: CommandLine) -> None:
    gestion.done("delete-user", "georges_k")
    for command in ("deactivate-user", "delete-user"):
        assert "The last active account of Gestion" in gestion.refused(4, command, "gwenaelle")


def test_records_are_handed_over_at_the_deactivation(gestion: CommandLine) -> None:
    gestion.done(
        "create-client", "--full-name", "A", "--email", "a@client.example", "--sales-contact", "claire_d"
    )
    assert "Name the new owner with --reassign-to." in gestion.refused(2, "deactivate-user", "claire_d")
    gone = gestion.done("deactivate-user", "claire_d", "--reassign-to", "benoit_l", "--json")
    assert gone["active"] is False
    assert gestion.done("list-clients", "--json")[0]["sales_contact"] == "benoit_l"
    assert gestion.done("reactivate-user", "claire_d", "--json")["active"] is True


def test_who_owns_nothing_is_deleted(gestion: CommandLine) -> None:
    gestion.done("delete-user", "benoit_l")
    gestion.refused(5, "delete-user", "benoit_l")


def test_a_locked_account_is_unlocked(line: CommandLine) -> None:
    for _attempt in range(5):
        line.refused(3, "login", "-u", "claire_d", "--password-stdin", stdin="Wrong-Word-1!\n")
    line.refused(3, "login", "-u", "claire_d", "--password-stdin", stdin=f"{PASSWORD}\n")
    with line.signed_in_as("gwenaelle"):
        line.done("unlock-user", "claire_d")
    line.sign_in("claire_d")


def test_a_new_department_ends_the_sessions(line: CommandLine) -> None:
    line.sign_in("claire_d")
    kept = line.kept_sessions()
    line.sign_in("gwenaelle")
    line.done("update-user", "claire_d", "--department", "support")
    for path, token in kept.items():
        path.write_bytes(token)
    line.refused(3, "whoami")


def _lock(line: CommandLine, username: str) -> None:
    for _attempt in range(5):
        line.refused(3, "login", "-u", username, "--password-stdin", stdin="Wrong-Word-1!\n")
    line.refused(3, "login", "-u", username, "--password-stdin", stdin=f"{PASSWORD}\n")


def test_whoever_holds_the_key_and_the_database_unlocks_gestion_without_a_session(line: CommandLine) -> None:
    _lock(line, "gwenaelle")
    line.refused(3, "unlock-user", "gwenaelle")
    shown = line.done("unlock-user", "GWENAELLE", "--local", "--json")
    assert (shown["username"], shown["locked_until"]) == ("gwenaelle", None)
    line.sign_in("gwenaelle")
    entry = line.done("journal", "--json")[0]
    assert entry["actor"].startswith("local:")
    assert entry["action"] == "collaborator.unlock"


def test_another_key_unlocks_nothing(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line.sign_in("gwenaelle")
    line.done("logout")
    _lock(line, "gwenaelle")
    monkeypatch.setenv("EPICEVENTS_SECRET_KEY", "another key for tests, of forty-two bytes!")
    said = line.refused(4, "unlock-user", "gwenaelle", "--local")
    assert "EPICEVENTS_SECRET_KEY is not the key" in said
    monkeypatch.setenv("EPICEVENTS_SECRET_KEY", "")
    assert "EPICEVENTS_SECRET_KEY" in line.refused(2, "unlock-user", "gwenaelle", "--local")
    monkeypatch.undo()
    line.refused(3, "login", "-u", "gwenaelle", "--password-stdin", stdin=f"{PASSWORD}\n")


def test_nobody_is_unlocked_who_is_not_there(line: CommandLine) -> None:
    assert "nobody9" in line.refused(5, "unlock-user", "nobody9", "--local")


@pytest.mark.parametrize("username", ["-----", "____", "-_-_"])
def test_a_username_of_signs_alone_is_refused(gestion: CommandLine, username: str) -> None:
    said = gestion.refused(2, "update-user", "claire_d", f"--username={username}")
    assert "--username: A username needs at least one letter or digit." in said
