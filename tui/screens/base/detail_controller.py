"""The detail of a section: the facts of the record under the cursor, and its links once they are read."""

from typing import TYPE_CHECKING, Generic

from textual.content import Content

from services.i18n import _
from tui.protocols import the_app
from tui.runtime.workers import run_in_background, stop_in_background
from tui.screens.base.section_spec import record_id
from tui.sections import has_section, section_of
from tui.widgets.detail.link_list import Link
from tui.widgets.detail.pane import Detail
from tui.widgets.record_table.data_source import Row

if TYPE_CHECKING:
    from tui.screens.base.section import SectionScreen

_GROUP = "links"


class DetailController(Generic[Row]):
    """Shows a record in the detail pane of one section, and opens its links."""

    def __init__(self, screen: "SectionScreen[Row]") -> None:
        self._screen = screen
        self._shown: int | None = None

    def show(self, record: Row | None) -> None:
        """Show the facts of a record now, and its links as soon as they are read."""
        screen = self._screen
        title = "" if record is None else screen.title_of(record)
        screen.query_one("#detail-pane").border_title = Content(title)
        if record is None:
            self._shown = None
            screen.pane.show(None)
            return
        if record_id(record) != self._shown:
            self._shown = record_id(record)
            screen.pane.reset()
            screen.pane.show(Detail(title, screen.facts(record)))
        app = the_app(screen)
        run_in_background(
            screen,
            lambda: screen.links(app.crm, app.actor, record),
            then=lambda groups: screen.pane.show(
                Detail(screen.title_of(record), screen.facts(record), screen.refusals.offered(groups))
            ),
            failed=screen.banners.trouble,
            group=_GROUP,
            only_reads=True,
        )

    def forget_links(self) -> None:
        """Stop to read the links of a record that the cursor has left."""
        stop_in_background(self._screen, _GROUP)

    def open(self, link: Link) -> None:
        """Go to a linked record, unless all of it is shown here."""
        screen = self._screen
        record = screen.record
        if record is None or not screen.is_active:
            return  # the second click of a double click finds another section open
        # A kind without a section has no detail of its own: its line says all of it.
        is_shown = not has_section(link.kind) or link.id == record_id(record)
        if section_of(link.kind).name == screen.NAME and is_shown:
            the_app(screen).say(_("Everything is already shown."))
        else:
            the_app(screen).navigator.open_record(link.kind, link.id, screen.origin_of(record))
