"""A single field that shows the typed text.

Started by ``python -m benchmarks.floors.echo``.
"""

from textual.app import App, ComposeResult
from textual.widgets import Input


class Echo(App[None]):
    """An application with one field."""

    def compose(self) -> ComposeResult:
        field = Input()
        field.cursor_blink = False  # blinking paints frames without a key
        yield field


if __name__ == "__main__":
    Echo().run()
