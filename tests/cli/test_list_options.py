"""Lists: filters, order, paging, and what scripts and people read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.crm import Crm
from tests.support.accounts import People
from tests.support.command_line import CommandLine
from tests.support.crm import copy_of_filled, environment_for
from tests.support.databases import Databases
from tests.support.records import Records

NAMES = ("Élise Dupont", "Bob Martin", "Zoë Świątek", "[bold]Ann[/]", "山田 太郎")


def create_clients(crm: Crm, people: People, names: tuple[str, ...]) -> None:
    for number, name in enumerate(names):
        Records(crm, people).client(full_name=name, email=f"c{number}@client.example")


@pytest.fixture
def clients(databases: Databases, home: Path) -> Iterator[CommandLine]:
    """Five clients of claire_d, who is signed in, and one of benoit_l."""
    people = databases.templates.people

    def fill(crm: Crm) -> None:
        Records(crm, people).client(
            people.other_commercial, full_name="Of Another", email="other@client.example"
        )
        create_clients(crm, people, NAMES)

    with copy_of_filled(databases, "clients", databases.templates.staffed, fill) as url:
        yield signed_in(home, url)


@pytest.fixture
def many(databases: Databases, home: Path) -> Iterator[CommandLine]:
    """53 clients of claire_d, who is signed in."""

    def fill(crm: Crm) -> None:
        create_clients(crm, databases.templates.people, tuple(f"Crowd {n % 5} {n:02}" for n in range(53)))

    with copy_of_filled(databases, "many", databases.templates.staffed, fill) as url:
        yield signed_in(home, url)


def signed_in(home: Path, url: str) -> CommandLine:
    os.environ.update(environment_for(url))
    line = CommandLine(home)
    line.sign_in("claire_d")
    return line


def names(found: list[dict[str, str]]) -> list[str]:
    return [client["full_name"] for client in found]


def test_a_list_is_one_array(clients: CommandLine) -> None:
    assert len(clients.done("list-clients", "--json")) == 6


def test_an_empty_list_is_an_empty_array(line: CommandLine) -> None:
    line.sign_in("sofia-m")
    assert line.done("list-events", "--json") == []


def test_mine_are_mine(clients: CommandLine) -> None:
    assert names(clients.done("list-clients", "--mine", "--json")) == list(NAMES)


def test_search_knows_neither_case_nor_accents(clients: CommandLine) -> None:
    assert names(clients.done("list-clients", "--search", "dupont elise", "--json")) == ["Élise Dupont"]


@pytest.mark.parametrize("search", ["06 98 76 54 32", "+33698765432", "765432", "omara", "O’Mara", "美咲"])
def test_search_finds_a_phone_and_a_name_however_they_are_written(line: CommandLine, search: str) -> None:
    line.sign_in("claire_d")
    given = (
        "--full-name",
        "O'Mara 田中美咲",
        "--email",
        "o@client.example",
        "--phone",
        "+33 (0)6 98 76 54 32",
    )
    line.done("create-client", *given)
    line.done("create-client", "--full-name", "Zoë", "--email", "z@client.example", "--phone", "0698765433")
    assert names(line.done("list-clients", "--search", search, "--json")) == ["O'Mara 田中美咲"]


@pytest.mark.parametrize("command", ["list-clients", "list-contracts", "list-events"])
@pytest.mark.parametrize("search", ["%", "_", "*", '"', " - "])
def test_a_search_without_a_letter_is_refused_by_name(line: CommandLine, command: str, search: str) -> None:
    line.sign_in("claire_d")
    said = line.refused(2, command, "--search", search)
    assert "search" in said
    assert "A search needs at least one letter or digit." in said


def test_after_goes_on_where_the_last_page_ended(clients: CommandLine) -> None:
    first = clients.done("list-clients", "--limit", "4", "--json")
    rest = clients.done("list-clients", "--limit", "4", "--after", str(first[-1]["id"]), "--json")
    assert len(first) == 4
    assert sorted(names(first + rest)) == sorted([*NAMES, "Of Another"])


def test_a_minus_reverses_the_order(clients: CommandLine) -> None:
    up = names(clients.done("list-clients", "--sort", "full_name", "--json"))
    down = names(clients.done("list-clients", "--sort", "-full_name", "--json"))
    assert up == down[::-1]


def test_a_preset_is_a_set_of_filters(clients: CommandLine) -> None:
    assert len(clients.done("list-clients", "--preset", "mine", "--json")) == 5


def test_people_read_a_table_with_what_was_typed(clients: CommandLine) -> None:
    shown = clients.done("list-clients")
    assert all(name in shown for name in NAMES)
    assert "Full name" in shown.splitlines()[0]
    assert "\x1b" not in shown


def test_messages_never_mix_with_the_answer(clients: CommandLine) -> None:
    result = clients.run("list-clients", "--json")
    assert "[INFO]" in result.stderr
    assert "[INFO]" not in result.stdout


def test_gestion_reads_the_team_and_the_journal(clients: CommandLine) -> None:
    clients.sign_in("gwenaelle")
    team = clients.done("list-users", "--sort", "-clients", "--json")
    assert (team[0]["username"], team[0]["clients"]) == ("claire_d", 5)
    assert not any("password" in field for person in team for field in person)
    newest = clients.done("journal", "--record", "client:6", "--json")[0]
    assert (newest["actor"], newest["kind"], newest["operation"]) == ("claire_d", "client", "created")
    assert "山田 太郎" in clients.done("journal", "--limit", "1")


@pytest.mark.parametrize("record", ["client", "client:x", "boat:1", ":1"])
def test_the_journal_of_no_record_is_bad_input(line: CommandLine, record: str) -> None:
    line.sign_in("gwenaelle")
    assert "--record: " in line.refused(2, "journal", "--record", record)


CUT = "4 of 6 shown; --limit or --after shows more, --all shows all."


@pytest.mark.parametrize("options", [(), ("--json",), ("--sort", "-full_name"), ("--search", "client")])
def test_a_list_that_is_cut_says_so_beside_the_answer(clients: CommandLine, options: tuple[str, ...]) -> None:
    result = clients.run("list-clients", "--limit", "4", *options)
    assert result.exit_code == 0
    assert f"[INFO] {CUT}" in result.stderr.splitlines()
    assert CUT not in result.stdout


@pytest.mark.parametrize("options", ["--limit 6", "--limit 7", "--all", "", "--limit 5 --mine"])
def test_a_whole_list_says_nothing(clients: CommandLine, options: str) -> None:
    assert " shown" not in clients.run("list-clients", *options.split()).stderr


def test_the_last_page_says_nothing_and_the_one_before_it_does(clients: CommandLine) -> None:
    assert "2 of 6 shown" in clients.run("list-clients", "--limit", "2", "--after", "3").stderr
    assert " shown" not in clients.run("list-clients", "--limit", "2", "--after", "4").stderr


def test_a_list_that_is_cut_by_no_choice_is_a_warning_that_quiet_keeps(many: CommandLine) -> None:
    for options in ((), ("--json",)):
        result = many.run("--quiet", "list-clients", *options)
        assert "[WARNING] 50 of 53 shown;" in result.stderr
    assert len(many.done("list-clients", "--json")) == 50


@pytest.mark.parametrize("sort", [(), ("--sort", "full_name"), ("--sort", "-email"), ("--search", "crowd")])
def test_all_is_the_same_list_whole_whatever_the_size_of_a_page(
    many: CommandLine, sort: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = many.done("list-clients", "--limit", "10000", *sort, "--json")
    monkeypatch.setattr("cli.list_options._PAGE", 7)
    assert many.done("list-clients", "--all", *sort, "--json") == whole
    after = str(whole[9]["id"])
    assert many.done("list-clients", "--all", "--after", after, *sort, "--json") == whole[10:]
    table = many.done("list-clients", "--all", *sort).splitlines()
    assert [row.split()[0] for row in table[2:]] == [str(client["id"]) for client in whole]


@pytest.mark.parametrize(
    "command", ["list-clients", "list-contracts", "list-events", "list-users", "journal"]
)
def test_every_list_is_cut_with_a_word_and_whole_with_all(many: CommandLine, command: str) -> None:
    many.sign_in("gwenaelle")
    whole = many.done(command, "--all", "--json")
    cut = many.run(command, "--limit", "1")
    assert (f"1 of {len(whole)} shown" in cut.stderr) is (len(whole) > 1)


def test_a_limit_and_all_together_are_bad_input(line: CommandLine) -> None:
    assert "--limit: Give --limit or --all, not both." in line.refused(
        2, "list-clients", "--all", "--limit", "3"
    )
