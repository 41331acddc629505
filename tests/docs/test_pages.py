"""What the pages list is what the program has, and what they link to is there."""

import re
from pathlib import Path

import pytest
from textual.binding import Binding

from models.enums import Department
from services.demo.definitions import SAMPLE_ACCOUNTS
from services.labels import DEPARTMENTS
from services.lists.query import presets_of
from services.rights import RIGHTS
from services.settings.variables import NAMES, VARIABLES
from tests.support.isolation import ROOT
from tests.support.pages import PAGES, code_of, name_of, rows, section, text_of
from tui.app import EpicEventsApp
from tui.key_labels import key_name
from tui.screens.base.section_spec import SECTION_BINDINGS
from tui.screens.collaborators import TeamScreen
from tui.sections import SECTIONS, section_of

OTHER_VARIABLES = {"EPICEVENTS_"}
"""The prefix of the variables, which is named alone too."""


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").splitlines()) <= 150


def test_the_readme_leads_to_every_page() -> None:
    readme = text_of("README.md")
    pages = [name_of(page) for page in PAGES if page.parent.name != "benchmarks" and page.name != "README.md"]
    assert [page for page in pages if f"({page})" not in readme] == []


def test_the_page_of_the_settings_lists_every_variable_and_no_other() -> None:
    named = [tuple(re.findall(r"`(\w+)`", row[0])) for row in rows(section("docs/settings.md", "Variables"))]
    assert sorted(named) == sorted(variable.names for variable in VARIABLES)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_variable_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"\b(?:EPICEVENTS|SENTRY)_\w*", page.read_text(encoding="utf-8")))
    assert named - NAMES - OTHER_VARIABLES == set()


def test_the_example_of_the_settings_names_every_variable() -> None:
    example = text_of(".env.example")
    assert [name for variable in VARIABLES for name in variable.names if name not in example] == []


def test_the_page_of_the_keys_has_every_key_of_a_section() -> None:
    keys = " ".join(row[0] for row in rows(text_of("docs/keys.md")))
    bindings = [*SECTION_BINDINGS, *EpicEventsApp.BINDINGS, *TeamScreen.BINDINGS]
    described = [binding for binding in bindings if isinstance(binding, Binding) and binding.id]
    shown = [key_name(binding.key.split(",")[0]) for binding in described]
    assert [key for key in shown if f"`{key}`" not in keys] == []


def test_the_page_of_the_lists_has_every_filter_of_a_section() -> None:
    expected = []
    for kind in [each.kind for each in SECTIONS if each.kind is not None]:
        section_shown = section_of(kind)
        may_enter = [who for who in Department if section_shown.refusal(who) is None]
        for preset in presets_of(kind):
            departments = [DEPARTMENTS[who] for who in may_enter if who in preset.departments]
            everyone = len(departments) == len(Department)
            expected.append(
                [section_shown.label, preset.label, "all" if everyone else ", ".join(departments)]
            )
    assert rows(section("docs/lists-and-search.md", "Filters")) == expected


def test_the_page_of_the_sample_data_names_the_sample_accounts() -> None:
    listed = [
        tuple(cell.strip("`") for cell in row) for row in rows(section("docs/demo.md", "Sample accounts"))
    ]
    assert listed == [tuple(account) for account in SAMPLE_ACCOUNTS]


def test_the_page_of_the_rights_is_the_table_of_the_rights() -> None:
    words = {"none": "no", "own": "own", "any": "any"}
    expected = [
        [f"`{action}`", *(words[rule.scope(who)] for who in Department), rule.refusal]
        for action, rule in RIGHTS.items()
    ]
    assert rows(text_of("docs/rights.md")) == expected


@pytest.mark.parametrize("page", PAGES, ids=name_of)
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


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    path = re.compile(r"(?<![\w./~-])(?:models|services|tui|cli|tests|docs|benchmarks|scripts)/[\w./-]*\w")
    named = {name for line in code_of(page) for name in path.findall(line)}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
