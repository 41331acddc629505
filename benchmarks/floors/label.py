"""A single label.

Started by ``python -m benchmarks.floors.label``.
"""

from textual.app import App, ComposeResult
from textual.widgets import Label


class One(App[None]):
    """An application with one label."""

    def compose(self) -> ComposeResult:
        yield Label("Sign in")


if __name__ == "__main__":
    One().run()
