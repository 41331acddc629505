"""What the pages list is what the program has, and what they link to is there."""

import re
from pathlib import Path

import pytest
from textual.binding import Binding

from models.enums import Department
from services.demo.definitions import SAMPLE_ACCOUNTS
from services.rights import RIGHTS
from services.settings.variables import VARIABLES
from tests.support.isolation import ROOT
from tui.app import EpicEventsApp
from tui.key_labels import key_name
from tui.screens.base.section_spec import SECTION_BINDINGS
from tui.screens.collaborators import TeamScreen

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    rows = re.findall(r"^\| (.+?) \|", text, re.MULTILINE)
    return [row for row in rows if not row.startswith("-")][1:]


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def test_the_readme_lists_every_variable_and_no_other() -> None:
    named = [tuple(re.findall(r"`(\w+)`", cell)) for cell in first_cells(section("Configuration"))]
    assert sorted(named) == sorted(variable.names for variable in VARIABLES)


def test_the_example_of_the_settings_names_every_variable() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert [name for variable in VARIABLES for name in variable.names if name not in example] == []


def test_the_readme_has_every_key_of_a_section() -> None:
    keys = " ".join(first_cells(section("Keys")))
    bindings = [*SECTION_BINDINGS, *EpicEventsApp.BINDINGS, *TeamScreen.BINDINGS]
    described = [binding for binding in bindings if isinstance(binding, Binding) and binding.id]
    shown = [key_name(binding.key.split(",")[0]) for binding in described]
    assert [key for key in shown if f"`{key}`" not in keys] == []


def test_the_readme_names_the_sample_accounts() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\S+)` \| (\w+) \|$", section("Sample accounts"), re.MULTILINE)
    assert rows == [tuple(account) for account in SAMPLE_ACCOUNTS]


def test_the_page_of_the_rights_is_the_table_of_the_rights() -> None:
    words = {"none": "no", "own": "own", "any": "any"}
    expected = [
        f"| `{action}` | {' | '.join(words[rule.scope(who)] for who in Department)} | {rule.refusal} |"
        for action, rule in RIGHTS.items()
    ]
    page = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("| `")] == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("https://"):
            continue
        file, _, place = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        if place:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = [anchor(heading) for heading in headings]
            numbered = [*anchors, *(f"{name}-1" for name in anchors if anchors.count(name) > 1)]
            assert place in numbered, target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:models|services|tui|cli|tests|docs|benchmarks)/[\w./]+)`", page.read_text(encoding="utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []
