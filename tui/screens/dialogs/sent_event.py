"""Shows a sent item as plain text, wrapped at the width of the screen."""

from typing import ClassVar

from textual.binding import BindingType

from services.i18n import N_
from services.monitoring.status import SentItem
from tui.screens.dialogs.text_log import TextLogScreen, scroll_bindings


class SentScreen(TextLogScreen):
    """The scrollable text of a sent item."""

    BINDING_GROUP_TITLE = N_("Sent item")
    BINDINGS: ClassVar[list[BindingType]] = scroll_bindings("sent")

    def __init__(self, item: SentItem) -> None:
        super().__init__(" · ".join(filter(None, (", ".join(item.kinds), item.event_id))), item.text)
