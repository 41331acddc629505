"""A line that stays until what it says is over: the database is lost, a save was refused."""

from textual.content import Content
from textual.widgets import Static

from tui.runtime.stylesheets import sheet_beside


class Banner(Static):
    """Hidden while it has nothing to say. The text is never read as markup."""

    DEFAULT_CSS = sheet_beside(__file__)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self.text = ""

    def show(self, text: str, *, waiting: bool = False) -> None:
        """Say this until :meth:`clear`; ``waiting`` marks what is no trouble but takes its time."""
        self.text = text
        self.update(Content(text if waiting else f"! {text}"))
        self.set_class(waiting, "-waiting")
        self.add_class("-shown")

    def clear(self) -> None:
        """Say nothing more."""
        self.text = ""
        self.remove_class("-shown")
