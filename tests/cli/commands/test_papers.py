"""The commands of papers: to the output or to a file, in each format."""

from pathlib import Path

import pytest

from tests.cli.test_workflow import draw_up
from tests.support.command_line import CommandLine


def test_the_summary_of_a_contract_goes_to_the_output_or_to_a_file(line: CommandLine, home: Path) -> None:
    draw_up(line)
    with line.signed_in_as("sofia-m"):
        shown = line.done("contract-summary", "1")
        assert "€1,200.50" in shown
        assert line.done("contract-summary", "1", "--format", "HTML").startswith("<!DOCTYPE html>")
        for name, first in (("a.html", b"<!DOCTYPE"), ("a.pdf", b"%PDF-"), ("a.txt", shown.encode()[:20])):
            assert line.done("contract-summary", "1", "--output", name) == ""
            assert (home / name).read_bytes().startswith(first)
        assert "--force" in line.refused(6, "contract-summary", "1", "-o", "a.html")
        line.done("contract-summary", "1", "-o", "a.html", "--format", "text", "--force")
        assert (home / "a.html").read_text() == shown
        assert line.run("contract-summary", "1", "--format", "pdf").stdout_bytes.startswith(b"%PDF-")


def test_what_cannot_be_made_or_written_is_refused(
    line: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not signed in" in line.refused(3, "run-sheet", "1")
    with line.signed_in_as("sofia-m"):
        assert "There is no event 1" in line.refused(5, "run-sheet", "1", "--output", "x.txt")
        assert "text, html, pdf" in line.refused(2, "run-sheet", "1", "--format", "docx")
        assert "does not exist" in line.refused(2, "run-sheet", "1", "--output", "gone/x.txt")
        monkeypatch.setattr("cli.commands.papers.goes_to_terminal", lambda: True)
        assert "--output" in line.refused(2, "run-sheet", "1", "--format", "pdf")
    assert [path.name for path in home.glob("x.*")] == []


def test_the_templates_are_exported_and_used_where_the_setting_names_their_folder(
    line: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_up(line)
    written = line.done("paper-templates", "own/", "--json")
    assert [Path(path).name for path in written] == ["paper.html", "paper.txt", "paper.typ"]
    assert "--force" in line.refused(6, "paper-templates", "own")
    (home / "own" / "paper.txt").write_text("{{ paper.title }}\n{{ paper.nothing }}\n")
    monkeypatch.setenv("EPICEVENTS_TEMPLATES", "own")
    with line.signed_in_as("sofia-m"):
        wrong = line.refused(2, "contract-summary", "1")
        assert f"{home}/own/paper.txt, line 2" in wrong
        monkeypatch.setenv("EPICEVENTS_TEMPLATES", "elsewhere")
        assert "does not exist" in line.refused(2, "contract-summary", "1")


def test_gestion_sets_what_papers_say_of_the_agency(line: CommandLine) -> None:
    draw_up(line)
    with line.signed_in_as("gwenaelle"):
        given = ("--agency-name", "Épique", "--agency-address", "1 rue Haute", "--agency-address", "Toulouse")
        line.done("settings", *given, "--paper-language", "fr", "--agency-siret", "73282932000074")
        assert line.done("contract-summary", "1").startswith("Épique\n1 rue Haute\nToulouse\n\nContrat")
        assert "check digit" in line.refused(2, "settings", "--agency-siret", "73282932000075")
