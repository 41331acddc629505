import pytest
from textual.color import Color
from textual.command import CommandList
from textual.content import Content
from textual.theme import Theme
from textual.widgets.option_list import Option
from textual.worker import Worker

from tests.support.accounts import People
from tests.support.app_driver import AppDriver
from tests.support.contrast import ratio
from tests.support.records import Records
from tui.command_palette import Palette
from tui.runtime.crash_reporting import print_crash
from tui.screens.clients import ClientsScreen
from tui.themes import THEMES, next_theme


@pytest.fixture
def database_kind() -> str:
    """Nothing here depends on the kind of database."""
    return "sqlite"


async def test_a_crash_ends_with_a_short_message_and_no_local_variables(
    driven: AppDriver, capsys: pytest.CaptureFixture[str]
) -> None:
    async def crash(secret: str) -> None:
        async with driven.running():
            driven.app.call_later(lambda: len(secret) // 0)
            await driven.pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await crash("correct horse battery")
    assert driven.app.guard.crash is not None
    assert driven.app.return_code == 1
    assert not driven.app._exit_renderables
    print_crash(driven.app.guard.crash)
    said = capsys.readouterr().err
    assert said == "epicevents stopped because of an error: ZeroDivisionError\n"


async def test_the_palette_lists_each_command_with_its_key(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.support):
        await driven.press("ctrl+p", *"undo")
        assert "Undo" in driven.text
        assert " u " in driven.text


async def test_help_is_made_of_the_keys_of_the_focused_part_and_is_searchable(
    driven: AppDriver, people: People, records: Records
) -> None:
    records.client()
    async with driven.signed_in(people.support, size=(100, 60)):
        await driven.press("question_mark")
        assert "Narrow the list as you type" in driven.text
        assert "Only Commercial and Gestion create clients." in driven.text
        await driven.press(*"narrow")
        assert "Take back" not in driven.text
        await driven.press("escape")
        assert driven.screen_name == "ClientsScreen"


async def test_ctrl_c_never_ends_the_program(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("n", "x", "ctrl+c")
        assert driven.screen_name == "ClientForm"
        assert "Ctrl+Q quits" in driven.notices


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)])
async def test_every_part_is_inside_the_screen(
    driven: AppDriver, people: People, records: Records, size: tuple[int, int]
) -> None:
    records.contract()
    async with driven.signed_in(people.gestion, size=size):
        lines = driven.text.split("\n")
        assert len(lines) == size[1]
        assert "5 Journal" in lines[0]
        assert "Gestion" in lines[0]
        assert "? Help" in lines[-1]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_of_a_theme_is_readable(theme: Theme) -> None:
    least = 7.0 if theme.name == "epic-contrast" else 4.5
    variables = theme.to_color_system().generate() | theme.variables
    pairs = [(variables["block-cursor-foreground"], variables["block-cursor-background"])]
    for text in ("foreground", "text-muted", "text-disabled", "primary", "accent", "error", "warning"):
        pairs += [
            (variables[text], variables[ground]) for ground in ("background", "surface", "bar-background")
        ]
    for text, ground in pairs:
        contrast = ratio(Color.parse(text), Color.parse(ground))
        assert contrast >= least, (text, ground)


async def test_one_key_goes_round_the_themes(driven: AppDriver) -> None:
    async with driven.running():
        seen = []
        for _theme in THEMES:
            seen.append(driven.app.theme)
            await driven.press("ctrl+t")
        assert seen == [theme.name for theme in THEMES]
        assert driven.app.theme == seen[0]
        assert next_theme("textual-dark") == seen[0]


async def test_a_page_up_before_the_palette_has_drawn_its_list_does_nothing(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p")
        palette = driven.app.screen
        assert isinstance(palette, Palette)
        commands = palette.query_one(CommandList)
        palette._list_visible = False
        await driven.settle()
        commands.clear_options().add_options([Option(Content("one")), Option(Content("two"))])
        for action in ("page_up", "page_down"):
            await driven.app.run_action(f"command_list('{action}')", palette)
        await driven.settle()
        assert driven.app._exception is None


async def test_a_palette_that_is_closed_while_it_searches_ends_nothing(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        await driven.press("ctrl+p")
        palette = driven.app.screen
        assert isinstance(palette, Palette)
        await palette.query_one(CommandList).remove()
        worker: Worker[None] = palette._gather_commands("new")
        await worker.wait()
        palette.dismiss()
        await driven.settle()
        assert driven.app._exception is None


async def test_a_search_that_is_still_on_its_way_when_one_signs_out_ends_nothing(
    driven: AppDriver, people: People
) -> None:
    async with driven.signed_in(people.commercial):
        section = driven.app.screen
        assert isinstance(section, ClientsScreen)
        driven.app.session.leave("")
        section.records.narrow(search="dupont")
        await driven.settle()
        assert driven.screen_name == "LoginScreen"
        assert driven.app._exception is None


async def test_notices_never_cover_more_than_a_few_lines(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        for number in range(5):
            driven.app.say(f"{number} is done.")
            driven.app.refuse(f"{number}: " + "a rule that takes two lines of a notice to say. " * 2)
            await driven.settle()
        assert len([line for line in driven.text.splitlines() if "▌" in line]) <= 4, driven.text
        assert driven.notices.startswith("4 is done.")
        assert "4: a rule" in driven.notices


async def test_a_notice_of_many_lines_is_shown_alone(driven: AppDriver, people: People) -> None:
    async with driven.signed_in(people.commercial):
        driven.app.say("Saved.")
        driven.app.refuse("A long reason. " * 20)
        await driven.settle()
        assert driven.notices.startswith("A long reason.")
        assert "Saved." not in driven.notices


async def test_a_refusal_said_again_is_shown_once_and_leaves_the_other_notices(driven: AppDriver) -> None:
    async with driven.running():
        driven.app.say("Saved.")
        for _press in range(2):
            driven.app.refuse("Only Gestion may do this.")
            await driven.settle()
        assert driven.notices.split("\n") == ["Saved.", "Only Gestion may do this."]
