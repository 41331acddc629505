"""What is remembered for a person: kept by their name alone, and opened whatever the database holds."""

import json
from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from services import collaborators
from services.auth import sessions
from services.crm import Crm
from services.errors import DatabaseUnavailable, NotSignedIn
from services.preferences import (
    FORMAT,
    LAYOUTS,
    ListPreference,
    Preferences,
    preferences_of,
    read_preferences,
    values_of,
    write_preferences,
)
from tests.support.accounts import PASSWORD, People
from tests.support.databases import sqlite_only
from tests.support.records import row_count

LEFT = Preferences(
    theme="epic-light",
    start="events",
    lists={
        "clients": ListPreference("view:12", ("company", True), ("phone", "full_name"), "list"),
        "events": ListPreference("mine"),
    },
)


def test_a_person_finds_again_what_they_left_and_nobody_else_does(crm: Crm, people: People) -> None:
    assert read_preferences(crm, people.support) == Preferences()
    write_preferences(crm, people.support, LEFT, "", "clients", "events")
    assert read_preferences(crm, people.support) == LEFT
    assert read_preferences(crm, people.gestion) == Preferences()


def test_the_last_of_two_programs_wins_in_each_list(crm: Crm, people: People) -> None:
    write_preferences(crm, people.support, LEFT, "", "clients", "events")
    other = Preferences(theme="epic", lists={"clients": ListPreference("all"), "events": ListPreference("x")})
    write_preferences(crm, people.support, other, "clients")
    found = read_preferences(crm, people.support)
    assert (found.theme, found.lists["events"]) == (LEFT.theme, LEFT.lists["events"])
    assert found.lists["clients"] == ListPreference("all")


def test_nothing_of_it_is_in_the_journal(crm: Crm, people: People) -> None:
    before = row_count(crm, "audit_entry")
    write_preferences(crm, people.support, LEFT, "", "clients")
    assert row_count(crm, "audit_entry") == before


def test_after_signing_out_nothing_is_read_or_written(crm: Crm, people: People) -> None:
    actor = sessions.sign_in(crm, people.support.username, PASSWORD).actor
    write_preferences(crm, actor, LEFT, "")
    sessions.sign_out(crm, actor)
    assert read_preferences(crm, actor) == Preferences()
    with pytest.raises(NotSignedIn):
        write_preferences(crm, actor, Preferences(), "")
    assert read_preferences(crm, people.support).theme == LEFT.theme


def test_nobody_reads_or_writes_those_of_another(crm: Crm, people: People) -> None:
    write_preferences(crm, people.support, LEFT, "")
    forged = replace(people.gestion, id=people.support.id)
    assert read_preferences(crm, forged) == Preferences()
    with pytest.raises(NotSignedIn):
        write_preferences(crm, forged, Preferences(), "")
    assert read_preferences(crm, people.support).theme == LEFT.theme


def test_it_goes_with_the_account(crm: Crm, people: People) -> None:
    write_preferences(crm, people.other_support, LEFT, "", "clients")
    collaborators.delete_collaborator(crm, people.gestion, people.other_support.id)
    assert row_count(crm, "person_preference") == 0
    with pytest.raises(NotSignedIn):
        write_preferences(crm, people.other_support, LEFT, "")


@sqlite_only
def test_a_database_that_another_program_holds_is_not_waited_for(crm: Crm, people: People) -> None:
    told: list[bool] = []
    crm.database.on_busy = lambda: told.append(True)
    with crm.database.write():
        began = monotonic()
        with pytest.raises(DatabaseUnavailable):
            write_preferences(crm, people.support, LEFT, "")
        assert monotonic() - began < 3
    assert not told
    write_preferences(crm, people.support, LEFT, "")


# What the database may hold

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(LAYOUTS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(("preset", "sort", "columns", "layout", "theme", "start")), inner)
    ),
    max_leaves=12,
)
VALUE = JSON.map(json.dumps) | st.text(max_size=30) | st.just("[" * 9_000) | JSON


@given(st.dictionaries(st.sampled_from(("general", "list.clients", "list.", "other", "")), VALUE))
def test_whatever_is_stored_gives_preferences_that_can_be_stored_again(values: dict[str, object]) -> None:
    found = preferences_of(values)
    assert preferences_of(values_of(found)) == found
    for each in found.lists.values():
        assert each.layout in ("", *LAYOUTS)
        assert all(isinstance(key, str) and key for key in each.columns)
    assert all(word.isprintable() for word in (found.theme, found.start))


@pytest.mark.parametrize(
    ("version", "value"),
    [
        (FORMAT + 1, json.dumps({"theme": "epic-light"})),
        (FORMAT, "{"),
        (FORMAT, "[1]"),
        (FORMAT, "{" * 20_000),
    ],
)
def test_what_another_program_wrote_counts_as_not_remembered(
    crm: Crm, people: People, version: int, value: str
) -> None:
    row = {"person": people.support.id, "version": version, "value": value}
    with crm.database.write() as connection:
        connection.execute(
            text("INSERT INTO person_preference VALUES (:person, 'general', :version, :value)"), row
        )
    assert read_preferences(crm, people.support) == Preferences()
    write_preferences(crm, people.support, LEFT, "")
    assert read_preferences(crm, people.support).theme == LEFT.theme
