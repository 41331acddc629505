"""The detail pane of a record: its facts, then its linked records in groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.message import Message

from services.i18n import N_
from tui.runtime.stylesheets import sheet_beside
from tui.widgets.detail.fact_list import Fact, Facts
from tui.widgets.detail.link_list import Link, LinkGroup, Links


@dataclass(frozen=True)
class Detail:
    """The content of the pane for one record."""

    title: str
    facts: Sequence[Fact]
    groups: Sequence[LinkGroup] = ()


class DetailPane(VerticalScroll, can_focus=True):
    """Scrolls facts and links together. The arrow keys move between links, and scroll at the ends."""

    BINDING_GROUP_TITLE = N_("Details")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("Open"), id="detail.open", tooltip=N_("Go to the linked record")),
        Binding("down,j", "move(1)", N_("Next"), show=False, id="detail.down"),
        Binding("up,k", "move(-1)", N_("Previous"), show=False, id="detail.up"),
        Binding("g,home", "scroll_home", N_("First"), show=False, id="detail.first"),
        Binding("G,end", "scroll_end", N_("Last"), show=False, id="detail.last"),
    ]
    DEFAULT_CSS = sheet_beside(__file__)
    ALLOW_SELECT = True

    class LinkOpened(Message):
        """The user opened a linked record with Enter or a click."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    def compose(self) -> ComposeResult:
        """Facts above links."""
        yield Facts()
        yield Links()

    def show(self, detail: Detail | None) -> None:
        """Show a record, or nothing. The cursor in the links stays; see :meth:`reset`."""
        facts = self.query_one(Facts)
        facts.facts, facts.title = (tuple(detail.facts), detail.title) if detail else ((), "")
        self.query_one(Links).show(detail.groups if detail else ())

    @property
    def current_group(self) -> LinkGroup | None:
        """The group under the cursor, which may be empty."""
        return self.query_one(Links).current_group

    @property
    def current_link(self) -> Link | None:
        """The link under the cursor."""
        return self.query_one(Links).current_link

    def reset(self) -> None:
        """Move cursor and scroll position to the top, for another record."""
        self.query_one(Links).cursor = 0
        self.scroll_home(animate=False)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the cursor in the links only while the pane has the focus."""
        super().watch_has_focus(has_focus)
        for links in self.query(Links):
            links.set_class(has_focus, "-active")
            links.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable ``open`` in an empty group."""
        return action != "open" or not self.is_mounted or self.query_one(Links).current_link is not None

    def action_move(self, step: int) -> None:
        """Move to the next link; scroll if there is none in that direction."""
        links = self.query_one(Links)
        if not links.move(step):
            self.scroll_relative(y=step, animate=False)
            return
        line = links.virtual_region.y + links.cursor_line
        self.scroll_to_region(Region(0, line, 1, 1), animate=False)

    def action_open(self) -> None:
        """Open the linked record under the cursor."""
        link = self.query_one(Links).current_link
        if link is not None:
            self.post_message(self.LinkOpened(link))

    def on_links_clicked(self, message: Links.Clicked) -> None:
        """Open the clicked link."""
        message.stop()
        self.action_open()
