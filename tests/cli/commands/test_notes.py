"""The commands for notes."""

from tests.support.command_line import CommandLine

KEVIN = ("create-client", "--full-name", "Kevin Casey", "--email", "kevin@startup.io", "--json")


def client_of(line: CommandLine) -> str:
    """The id of a client of claire_d."""
    with line.signed_in_as("claire_d"):
        return str(line.done(*KEVIN)["id"])


def test_a_call_is_noted_listed_changed_trashed_and_restored(line: CommandLine) -> None:
    client = client_of(line)
    line.sign_in("sofia-m")
    note = line.done(
        "add-note", "--client", client, "--kind", "CALL", "--text", "Quieter hall\nCall", "--json"
    )
    assert (note["kind"], note["about"], note["author"]) == ("call", "Kevin Casey", "sofia-m")
    (contacted,) = line.done("list-clients", "--json")
    assert contacted["last_contact_date"] is not None
    changed = line.done("update-note", str(note["id"]), "--text", "The quieter hall", "--json")
    assert (changed["text"], changed["kind"]) == ("The quieter hall", "call")
    assert [each["id"] for each in line.done("list-notes", "--client", client, "--json")] == [note["id"]]
    assert "Note 1 (The quieter hall) moved to the trash." in line.run("trash-note", "1").output
    assert line.done("list-notes", "--json") == []
    (trashed,) = line.done("list-notes", "--trash", "--mine", "--json")
    assert trashed["id"] == note["id"]
    (again,) = line.done("list-clients", "--json")
    assert again["last_contact_date"] is None
    line.run("restore-note", "1")
    assert line.done("list-notes", "--search", "quieter", "--json") != []


def test_a_note_names_one_record_and_one_kind(line: CommandLine) -> None:
    client = client_of(line)
    line.sign_in("sofia-m")
    for arguments, refusal in (
        (("--client", client, "--event", "1", "--text", "Hm"), "exactly one client, contract, event"),
        (("--text", "Hm"), "exactly one client, contract, event"),
        (("--client", client, "--text", "Hm", "--kind", "fax"), "One of these: note, call, mail."),
        (("--client", "99", "--text", "Hm"), "There is no client 99"),
        (("--client", client, "--text", "Hm", "--at", "2100-01-01 10:00"), "time in the future"),
        (("--collaborator", "claire_d", "--text", "Hm"), "Only Gestion manages the team."),
    ):
        outcome = line.run("add-note", *arguments)
        assert outcome.exit_code != 0, arguments
        assert refusal in outcome.stderr, (arguments, outcome.stderr)
    assert "Name one record only." in line.run("list-notes", "--client", "1", "--event", "1").stderr
    assert "Only Gestion manages" in line.run("list-notes", "--collaborator", "claire_d").stderr


def test_gestion_notes_and_lists_what_is_about_a_person(line: CommandLine) -> None:
    line.sign_in("georges_k")
    note = line.done("add-note", "--collaborator", "sofia-m", "--text", "Asked for leave", "--json")
    listed = line.done("list-notes", "--collaborator", "SOFIA-M", "--json")
    assert [each["id"] for each in listed] == [note["id"]]
    line.sign_in("claire_d")
    assert line.done("list-notes", "--json") == []


def test_a_table_shows_the_start_of_each_note_on_one_line(line: CommandLine) -> None:
    client = client_of(line)
    line.sign_in("sofia-m")
    line.run("add-note", "--client", client, "--text", "First\nSecond \x1b[31m", "--at", "2026-01-05 10:00")
    line.run("add-note", "--client", client, "--text", "First\nSecond", "--at", "2026-01-05 10:00")
    lines = line.run("list-notes").stdout.splitlines()
    assert len(lines) == 3
    assert "First Second" in lines[2]
