"""The options of a command that fills in a record, made from the descriptions of its fields."""

from datetime import date
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from cli.field_options import field_options, take_fields
from cli.parsing import FieldParser
from services.errors import Invalid
from services.record_fields import FieldKind, RecordField

FIELDS = (
    RecordField("site_name", "Site", "The name of the site.", required=True),
    RecordField("opened_on", "Opened on", "Day of the opening.", FieldKind.DATE),
)


def run(*arguments: str) -> Any:
    received: dict[str, Any] = {}
    app = typer.Typer()

    @app.command()
    @field_options(FIELDS)
    def command(key: Annotated[str, typer.Argument()], again: bool = False, **typed: str | None) -> None:
        received.update(typed, key=key, again=again)

    result = CliRunner().invoke(app, arguments)
    return received if arguments[-1] != "--help" else result.stdout


def test_a_command_has_an_option_for_each_field_besides_its_own() -> None:
    assert run("7", "--site-name", "Blois", "--again") == {
        "site_name": "Blois", "opened_on": None, "key": "7", "again": True,
    }  # fmt: skip


def test_the_help_of_an_option_is_that_of_its_field() -> None:
    shown = run("--help")
    assert "--site-name" in shown
    assert "The name of the site." in shown


def test_options_are_read_by_the_kind_of_their_field() -> None:
    given = take_fields(
        FieldParser(), FIELDS, {"site_name": "Blois", "opened_on": "2027-06-15"}, is_new=False
    )
    assert given.values() == {"site_name": "Blois", "opened_on": date(2027, 6, 15)}


def test_a_new_record_needs_its_required_fields() -> None:
    given = take_fields(FieldParser(), FIELDS, {"site_name": None, "opened_on": None}, is_new=True)
    with pytest.raises(Invalid) as refused:
        given.values()
    assert [problem.field for problem in refused.value.problems] == ["site_name"]


def test_a_change_needs_no_field() -> None:
    given = take_fields(FieldParser(), FIELDS, {"site_name": None, "opened_on": None}, is_new=False)
    assert given.values() == {}
