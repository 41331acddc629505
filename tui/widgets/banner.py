"""A line about a lasting problem, such as a lost database or a refused save."""

from textual.content import Content
from textual.widgets import Static

from tui.runtime.stylesheets import sheet_beside


class Banner(Static):
    """Hidden while it has no text. The text is not parsed as markup."""

    DEFAULT_CSS = sheet_beside(__file__)

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.text = ""

    def show(self, text: str, *, waiting: bool = False) -> None:
        """Show this text until :meth:`clear`; ``waiting`` means that it is progress, not a problem."""
        self.text = text
        self.update(Content(text if waiting else f"! {text}"))
        self.set_class(waiting, "-waiting")
        self.add_class("-shown")

    def clear(self) -> None:
        """Hide the banner."""
        self.text = ""
        self.remove_class("-shown")
