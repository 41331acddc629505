"""Keys of one's own: a file gives them, a wrong line is named and left out, and all texts follow."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from services.settings import Settings
from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.databases import sqlite_only
from tests.support.records import Records
from tui import key_registry
from tui.key_labels import NAMED_IN_TEXTS, keys_of
from tui.key_spelling import BadKey, read_key, spell_key
from tui.keymap import key_rows, keymap_of, read_keymap


def _read(tmp_path: Path, text: str | bytes) -> tuple[dict[str, str], list[str]]:
    file = tmp_path / "keys.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    keymap = read_keymap(file, must_exist=True)
    return keymap.keys, keymap.problems


# Spelling

SPELLINGS: Mapping[str, str | None] = {
    "n": "n", "N": "N", "?": "question_mark", "/": "slash", "slash": "slash", "é": "é", "+": "plus",
    "F5": "f5", "f12": "f12", "Ctrl+N": "ctrl+n", "ctrl+n": "ctrl+n", "CTRL+S": "ctrl+s", "Esc": "escape",
    "Échap": "escape", "Entrée": "enter", "return": "enter", "Suppr": "delete", "PgUp": "pageup",
    "Shift+Tab": "shift+tab", "Maj+Tab": "shift+tab", "ctrl+shift+up": "ctrl+shift+up",
    "question_mark": "question_mark", ":": "colon", "page_up": None,
    "Shift+Ctrl+Up": "ctrl+shift+up", " space ": "space", "ctrl+pgdn": "ctrl+pagedown",
    "alt+x": None, "ctrl+i": None, "ctrl+m": None, "shift+n": None, "hyper+n": None, "f99": None, "": None,
    "ctrl+": None, "ctrl+é": None, "nn": None, "ctrl+ctrl": None, "\x1b": None,
}  # fmt: skip


@pytest.mark.parametrize("written", SPELLINGS)
def test_keys_are_read_as_people_write_them(written: str) -> None:
    expected = SPELLINGS[written]
    if expected is None:
        with pytest.raises(BadKey):
            read_key(written)
    else:
        assert read_key(written) == expected
        assert read_key(spell_key(expected)) == expected


def test_every_default_key_is_spelled_so_that_it_is_read_again() -> None:
    for command in key_registry.commands().values():
        assert [read_key(spell_key(key)) for key in command.keys] == list(command.keys), command.id


def test_the_keys_that_texts_name_are_those_of_their_commands() -> None:
    known = key_registry.commands()
    assert {name: known[name].keys[0] for name in NAMED_IN_TEXTS} == NAMED_IN_TEXTS


def test_no_default_clashes_with_another() -> None:
    for name, command in key_registry.commands().items():
        assert command.label, name


# The file


@pytest.mark.parametrize("text", ['record.new = "B"', '"record.new" = ["B"]', '[record]\nnew = "B"'])
def test_a_command_is_named_as_toml_allows(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, text) == ({"record.new": "B"}, [])


def test_keys_may_change_places_and_be_several(tmp_path: Path) -> None:
    text = """record.new = "e"\nrecord.edit = ["n", "F5"]
        table.down = "down"\ndetail.down = "down"\nchain.down = "F6"\nagenda.next = "F6"\nlist.sort = "j" """
    keys, problems = _read(tmp_path, text)
    assert problems == []
    assert keys["record.edit"] == "n,f5"
    assert (keys["record.new"], keys["list.sort"]) == ("e", "j")


WRONG: Mapping[str, tuple[str | bytes, str]] = {
    "unknown": ('\nrecord.nwe = "n"', "keys.toml, line 2: there is no command record.nwe; perhaps record"),
    "unknown, near nothing": ('zzzzzz = "n"', "keys.toml, line 1: there is no command zzzzzz."),
    "no such key": ('record.new = "Ctlr+N"', "line 1: record.new: There is no key “Ctlr+N”. Write it"),
    "Alt": ('record.new = "Alt+N"', "record.new: “Alt+N”: Alt does not reach the program"),
    "same byte": ('record.new = "ctrl+i"', "a terminal sends it as it sends Tab"),
    "clash": ('record.new = "e"', "line 1: record.new: “e” is the key of record.edit (Edit) in the"),
    "clash with the list": ('record.new = "j"', "“j” is the key of detail.down (Next)"),
    "clash with the application": ('record.new = "?"', "“?” is the key of app.help (Help)"),
    "clash of two lines": ('list.sort = "B"\nrecord.new = "B"', "line 2: record.new: “B” is the key of"),
    "fixed": ('record.new = "ctrl+c"', "“Ctrl+C” has a fixed meaning in the same place"),
    "types": ('form.save = "s"', "form.save: “s” types a character where this command acts"),
    "types everywhere": ('app.quit = "q"', "app.quit: “q” types a character"),
    "edits a text": ('form.save = "ctrl+k"', "“Ctrl+K” has a fixed meaning in the same place"),
    "no text": ("record.new = 5", "line 1: record.new needs a key such as"),
    "no key": ("record.new = []", "record.new needs a key"),
    "empty": ('record.new = ""', "There is no key “”"),
    "not TOML": ("record.new n", "is not TOML: "),
    "not UTF-8": (b'record.new = "\xe9"', "cannot be read (not UTF-8)"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_its_line_and_left_out(tmp_path: Path, case: str) -> None:
    text, problem = WRONG[case]
    keys, problems = _read(tmp_path, text)
    assert "record.new" not in keys
    assert "form.save" not in keys
    assert len(problems) == 1
    assert problem in problems[0]


def test_the_lines_that_are_right_count_beside_a_wrong_one(tmp_path: Path) -> None:
    keys, problems = _read(tmp_path, 'record.new = "e"\nrecord.undo = "z"\nrecord.nope = "q"')
    assert keys == {"record.undo": "z"}
    assert len(problems) == 2


def test_a_file_that_is_not_there_is_a_mistake_only_if_it_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    assert read_keymap(missing, must_exist=False).problems == []
    assert "none.toml cannot be read" in read_keymap(missing, must_exist=True).problems[0]
    assert "cannot be read" in read_keymap(tmp_path, must_exist=True).problems[0]


def test_what_is_printed_can_be_read_again(tmp_path: Path, settings: Settings) -> None:
    rows = key_rows(keymap_of(settings))
    text = "\n".join(f"{row.id} = {json.dumps(list(row.keys))}" for row in rows)
    keys, problems = _read(tmp_path, text)
    assert problems == []
    assert len(keys) == len(rows)


# In the application

OWN = """
record.new = "+"
record.undo = "z"
list.filter = "F"
go.contracts = "F2"
table.down = "e"
detail.down = "e"
chain.down = "F6"
agenda.next = "F6"
record.edit = "j"
app.quit = "F12"
section.back = "F10"
"""


@pytest.fixture
def own_keys(driven: AppDriver, tmp_path: Path) -> AppDriver:
    file = tmp_path / "keys.toml"
    file.write_text(OWN)
    driven.settings = replace(driven.settings, keys_file=file)
    return driven


@sqlite_only
async def test_keys_footer_help_palette_and_texts_follow_the_file(
    own_keys: AppDriver, people: People, records: Records
) -> None:
    driven = own_keys
    async with driven.signed_in(people.commercial):
        assert "There is no client yet. +:" in driven.text
        assert driven.text.splitlines()[-1].startswith(" + New  j Edit  a Assign  / Search  F Filter")
        assert "F2 Contracts" in driven.text.splitlines()[0]
        shown = {key.active.binding.id: key.shown for key in keys_of(driven.app.screen)}
        assert (shown["record.new"], shown["record.undo"], shown["table.down"]) == ("+", "z", "e")
        await driven.press("n")
        assert driven.screen_name == "ClientsScreen", "the key of before does nothing"
        await driven.press("+")
        assert driven.screen_name == "ClientForm"
        await driven.press("escape")
        for _number in range(2):
            records.client()
        await driven.press("ctrl+r")
        await driven.press("e")
        assert driven.table.cursor == 1
        await driven.press("j")
        assert driven.screen_name == "ClientForm", "j is no longer a key of the list"
        await driven.press("escape", "d", "tab", "enter")
        assert "moved to the trash. z: undo." in driven.notices
        await driven.press("z", "ctrl+p", *"undo")
        assert any("Undo" in line and line.rstrip(" │").endswith("z") for line in driven.text.splitlines())
        await driven.press("escape", "f2")
        assert driven.screen_name == "ContractsScreen"
        await driven.press("ctrl+c")
        assert "F12 quits;" in driven.notices


@sqlite_only
async def test_a_wrong_line_is_said_at_the_start_and_the_others_count(
    driven: AppDriver, people: People, tmp_path: Path
) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('record.new = "e"\nrecord.undo = "z"\nnope = "q"')
    driven.settings = replace(driven.settings, keys_file=file)
    async with driven.running():
        assert "keys.toml, line 1: record.new: “e” is the key of record.edit" in driven.notices
        assert "'epicevents keys' names 1 more." in driven.notices
        assert len(driven.app.opening.key_problems) == 2
        assert driven.app._keymap == {"record.undo": "z"}


def test_each_command_that_can_have_another_key_has_a_name() -> None:
    assert len(key_registry.commands()) > 90
    assert not [name for name in key_registry.commands() if name.startswith("crash.")]
