"""Tables and records as people read them."""

from decimal import Decimal

import pytest
from rich.cells import cell_len

from cli import output, text_table
from cli.console import printable
from cli.list_options import window
from cli.parsing import FieldParser, NothingToChange, whole_number
from cli.text_table import Layout
from models.enums import RecordKind
from models.write_models import ClientCreate, ClientUpdate
from services.errors import Invalid
from services.lists.query import Filter


def lines(rows: list[list[str]], width: int | None = None) -> list[str]:
    return list(text_table.grid(["Name", "Amount"], iter([rows]), [Layout(), Layout(numeric=True)], width))


def test_columns_are_aligned_by_the_width_on_screen() -> None:
    shown = lines([["Kevin", "1.00"], ["日本", "10.00"], ["Zoé 🎉", "100.00"]])
    assert {cell_len(line) for line in shown} == {cell_len(shown[0])}
    assert shown[2] == "Kevin     1.00"


def test_a_table_in_a_pipe_is_never_cut() -> None:
    long = "x" * 500
    assert long in lines([[long, "1.00"]])[2]


def test_a_table_on_a_terminal_fits_it_and_keeps_the_amounts_whole() -> None:
    shown = lines([["x" * 500, "1234567.00"]], width=40)
    assert all(cell_len(line) <= 40 for line in shown)
    assert shown[2].endswith("…  1234567.00")


def test_a_narrow_terminal_loses_the_least_important_column_and_no_date() -> None:
    heading = ["Name", "Start", "Place"]
    layouts = [Layout(), Layout(whole=True), Layout(rank=1)]
    shown = list(text_table.grid(heading, iter([[["n" * 30, "2027-06-04 13:00", "p" * 30]]]), layouts, 32))
    assert shown[2] == "n" * 13 + "…  2027-06-04 13:00"


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\x9bb", "\u202eevil", "tab\there", "bell\x07", "\ud800"])
def test_control_characters_never_reach_the_terminal(text: str) -> None:
    shown = "".join(lines([[text, "1"]]))
    assert not any(character in shown for character in "\x1b\x9b\u202e\t\x07\ud800")


def test_a_line_break_in_a_cell_does_not_break_the_row() -> None:
    assert len(lines([["two\nlines", "1"]])) == 3


def test_markup_is_shown_as_it_was_typed() -> None:
    assert lines([["[bold]Kevin[/]", "1"]])[2].startswith("[bold]Kevin[/]")


def test_notes_of_several_lines_are_indented_under_their_label() -> None:
    shown = list(text_table.pairs([("Name", "Party"), ("Notes", "by the river\nbring boots")]))
    assert shown == ["Name   Party", "Notes  by the river", "       bring boots"]


def test_json_holds_nothing_that_a_terminal_acts_upon(capsys: pytest.CaptureFixture[str]) -> None:
    output.show_json({"name": "Zoé \x9b31m \u202e \ud800 \u2028"})
    written = capsys.readouterr().out
    assert not set("\x9b\u202e\ud800\u2028") & set(written)
    assert "Zoé" in written


@pytest.mark.parametrize("amount", ["1200.50", "1200", "0.005", "10000000000.00"])
def test_money_in_json_has_the_digits_that_it_is_kept_with(amount: str) -> None:
    assert output.to_json_value(Decimal(amount)) == amount


def test_several_lines_become_one_in_a_cell() -> None:
    assert printable("a\r\nb\u2028c") == "a b c"


def test_every_slip_is_named_at_once() -> None:
    typed = FieldParser().take("limit", "many", whole_number).take("after", "-1", whole_number)
    with pytest.raises(Invalid) as refused:
        typed.values()
    assert [problem.field for problem in refused.value.field_problems()] == ["limit", "after"]


def test_a_field_that_cannot_be_read_and_one_that_breaks_a_rule_are_named_together() -> None:
    typed = (
        FieldParser().texts({"full_name": "", "email": "nobody"}).take("sales_contact_id", "x", whole_number)
    )
    with pytest.raises(Invalid) as refused:
        typed.build(ClientCreate)
    fields = {problem.field for problem in refused.value.field_problems()}
    assert fields == {"full_name", "email", "sales_contact_id"}


def test_an_update_without_fields_is_refused() -> None:
    with pytest.raises(NothingToChange):
        FieldParser().texts({"phone": None}).changes(ClientUpdate)


@pytest.mark.parametrize("text", ["", "1.5", "-1", "1e3", "٣", "9" * 19, "1 2"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        whole_number(text, "id")


def test_the_options_of_a_list_become_its_query() -> None:
    asked = window(
        RecordKind.CONTRACT,
        filters={Filter.MINE: False, Filter.TRASHED: True},
        preset="unpaid",
        sort="-total_amount",
        limit="5",
        after="12",
    )
    assert asked.query.filters == {Filter.MINE, Filter.UNPAID, Filter.TRASHED}
    assert (asked.query.sort, asked.query.descending) == ("total_amount", True)
    assert (asked.limit, asked.after, asked.everything) == (5, 12, False)


@pytest.mark.parametrize(("option", "value"), [("limit", "0"), ("limit", "10001"), ("preset", "nonsense")])
def test_a_list_option_out_of_bounds_is_refused_by_name(option: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        window(RecordKind.CLIENT, **{option: value})  # type: ignore[arg-type]
    assert refused.value.field_problems()[0].field == option


def test_a_later_page_may_widen_a_column_and_loses_nothing() -> None:
    pages = [[["Zoé", "5"]], [["A much longer name", "1,000,000"]]]
    shown = list(text_table.grid(["Name", "Amount"], iter(pages), [Layout(), Layout(numeric=True)], None))
    assert [line.split() for line in shown[2:]] == [
        ["Zoé", "5"],
        ["A", "much", "longer", "name", "1,000,000"],
    ]


def test_every_page_fits_the_terminal() -> None:
    pages = [[["short", "5"]], [["n" * 60, "1,000"]], [["m" * 90, "7"]]]
    shown = list(text_table.grid(["Name", "Amount"], iter(pages), [Layout(), Layout(numeric=True)], 30))
    assert max(map(len, shown)) <= 30
    assert shown[-2].endswith("1,000")
