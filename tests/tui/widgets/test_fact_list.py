from textual.app import App, ComposeResult

from tui.widgets.detail.fact_list import Fact, Facts


class FactsApp(App[None]):
    def __init__(self, *facts: Fact) -> None:
        super().__init__()
        self.shown = facts

    def compose(self) -> ComposeResult:
        facts = Facts()
        facts.facts = self.shown
        yield facts


async def lines_of(*facts: Fact, width: int = 32) -> list[str]:
    app = FactsApp(*facts)
    async with app.run_test(size=(width, 20)):
        return [line.rstrip() for line in app.query_one(Facts).render().plain.splitlines()]


async def test_a_moment_never_wraps_and_a_long_label_does_not_widen_the_others() -> None:
    moment = Fact("Start", "11/27/2026 18:00")
    assert await lines_of(moment, Fact("A label that is long", "11/27/2026 18:00")) == [
        "Start  11/27/2026 18:00",
        "A label that is long",
        "  11/27/2026 18:00",
    ]


async def test_a_label_a_little_too_long_keeps_its_short_value_beside_it() -> None:
    assert await lines_of(Fact("Phone", "1"), Fact("Premier contact", "30/07/2026")) == [
        "Phone  1",
        "Premier contact  30/07/2026",
    ]


async def test_a_word_that_would_be_cut_goes_beneath_its_label() -> None:
    assert await lines_of(Fact("Sales contact", "Kate"), Fact("Email", "long.address@wagons.example")) == [
        "Sales contact  Kate",
        "Email",
        "  long.address@wagons.example",
    ]
