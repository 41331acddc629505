"""A field that shows what is typed, and nothing else.

Started by ``python -m benchmarks.floors.echo``.
"""

from textual.app import App, ComposeResult
from textual.widgets import Input


class Echo(App[None]):
    """Nothing but a field."""

    def compose(self) -> ComposeResult:
        field = Input()
        field.cursor_blink = False  # a frame that no key asked for
        yield field


if __name__ == "__main__":
    Echo().run()
