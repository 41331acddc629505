"""The panes of a section: list and details side by side, or one of them alone."""

from typing import TYPE_CHECKING, Final

from services.i18n import N_, _
from services.preferences import LAYOUTS
from tui.protocols import the_app
from tui.screens.base.section_memory import SectionMemory

if TYPE_CHECKING:
    from tui.screens.base.protocols import PanedSection

SPLIT, LIST, DETAIL = LAYOUTS
_SAID: Final = {SPLIT: N_("List and details"), LIST: N_("List alone"), DETAIL: N_("Details alone")}


class SectionPanes:
    """The layout of one section, which its person chooses and which is remembered.

    The list keeps the keys in every layout. With the details alone it is as high as the row under its cursor,
    so that search, position and filter are seen where they always are. With the list alone, Enter shows the
    details until one comes back to the list; so does a link, until one leaves what it opened.
    """

    def __init__(self, section: "PanedSection", memory: SectionMemory) -> None:
        self._section = section
        self._screen = section.screen
        self._memory = memory
        self._shown = SPLIT
        self._is_linked = False

    @property
    def layout(self) -> str:
        """The layout that the person chose."""
        return self._memory.left.layout or SPLIT

    @property
    def _wanted(self) -> str:
        return DETAIL if self._is_linked and self.layout == LIST else self.layout

    def start(self) -> None:
        """Show the layout."""
        self._show(self._wanted)
        self._screen.watch(self._section.table, "has_focus", self._list_in_focus, init=False)

    def follow(self, *, is_linked: bool) -> None:
        """Show a list, which a link may have opened."""
        if is_linked != self._is_linked:
            self._is_linked = is_linked
            self._show(self._wanted)

    def wider(self) -> None:
        """Go to the next layout."""
        layout = LAYOUTS[(LAYOUTS.index(self.layout) + 1) % len(LAYOUTS)]
        self._is_linked = False
        self._memory.keep(layout=layout)
        self._show(layout)
        the_app(self._screen).say(_(_SAID[layout]))

    def go_to_details(self) -> None:
        """Go to the details of the record, which are shown meanwhile if they are not."""
        if self._shown == LIST:
            self._show(DETAIL)
        self._section.pane.focus()

    def _list_in_focus(self, has_focus: bool) -> None:
        if has_focus and self._shown != self._wanted:
            self._show(self._wanted)

    def _show(self, layout: str) -> None:
        if layout == LIST and self._section.pane.has_focus:
            self._section.table.focus()
        self._shown = layout
        body = self._screen.query_one("#section-body")
        body.set_class(layout == LIST, "-list-alone")
        body.set_class(layout == DETAIL, "-detail-alone")
