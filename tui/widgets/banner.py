"""A line that stays until what it says is over: the database is lost, a save was refused."""

from textual.content import Content
from textual.widgets import Static

from tui.styles import sheet_beside


class Banner(Static):
    """Hidden while it has nothing to say. The text is never read as markup."""

    DEFAULT_CSS = sheet_beside(__file__)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self.text = ""

    def show(self, text: str) -> None:
        """Say this until :meth:`clear`."""
        self.text = text
        self.update(Content(f"! {text}"))
        self.add_class("-shown")

    def clear(self) -> None:
        """Say nothing more."""
        self.text = ""
        self.remove_class("-shown")
