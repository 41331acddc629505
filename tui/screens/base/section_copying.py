"""``y`` and ``o``: copy a value of the record, or open it outside the terminal."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from models.text import clean_typed
from services.errors import CrmError
from services.i18n import N_, _
from tui.protocols import the_app
from tui.runtime import outside
from tui.runtime.workers import run_in_background
from tui.screens.base.section_spec import Copied
from tui.screens.dialogs.menu import ChoiceScreen
from tui.widgets.form.field_spec import Choice

if TYPE_CHECKING:
    from tui.screens.base.protocols import CopiedSection

_LONGEST_COPY: Final = 10_000
"""Characters; terminals ignore much longer ones."""
_LONGEST_SHOWN: Final = 90
_COPIED: Final = N_("Sent to the clipboard of the terminal: {value}")
_INSTEAD: Final = N_("No program of a desktop can be reached from here. Link sent to the clipboard: {value}")
_REFUSED: Final = N_("The desktop did not open it. Link sent to the clipboard: {value}")

Value = tuple[Copied[Any], str]


class CopyActions:
    """The copying of one section, from the values that the section names.

    The terminal itself keeps the clipboard (OSC 52), so that it also works over SSH. No terminal says whether
    it took the value; the notice therefore shows it.
    """

    def __init__(self, section: "CopiedSection[Any]") -> None:
        self._section = section
        self._screen = section.screen

    def lacks(self, action: str) -> str | None:
        """Why there is nothing to copy or open, translated."""
        if self._section.record is None:
            return _("Choose a record first.")
        if action == "copy":
            return None if self._values() else _("This record has nothing to copy.")
        return None if self._links() else _("This record has no email, no phone and no place to open.")

    def copy(self) -> None:
        """Copy a value, chosen if there are several."""
        self._choose(_("Copy"), self._values(), self._copy)

    def open_outside(self) -> None:
        """Write a mail, call a number or show a place on a map."""
        self._choose(_("Open outside"), self._links(), self._open)

    def _values(self) -> list[Value]:
        record = self._section.record
        every = [] if record is None else [(each, _line(each.value(record))) for each in self._section.COPIES]
        return [(each, value) for each, value in every if value]

    def _links(self) -> list[Value]:
        return [(each, value) for each, value in self._values() if each.link is not None and each.link(value)]

    def _choose(self, title: str, values: Sequence[Value], then: Callable[[Value], None]) -> None:
        if len(values) == 1:
            then(values[0])
            return
        choices = [Choice(str(place), _(each.label), value) for place, (each, value) in enumerate(values)]

        def chosen(key: str | None) -> None:
            if key is not None:
                then(values[int(key)])

        self._screen.app.push_screen(ChoiceScreen(title, choices, "0"), chosen)

    def _copy(self, chosen: Value) -> None:
        _each, value = chosen
        self._to_clipboard(_COPIED, value)

    def _to_clipboard(self, text: str, value: str) -> None:
        self._screen.app.copy_to_clipboard(value)
        shown = value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…"
        the_app(self._screen).say(_(text).format(value=shown))

    def _open(self, chosen: Value) -> None:
        each, value = chosen
        link = "" if each.link is None else each.link(value)
        if not outside.has_desktop():
            self._to_clipboard(_INSTEAD, link)
            return

        def opened(could: bool) -> None:
            if could:
                the_app(self._screen).say(_("Opened: {value}").format(value=value[:_LONGEST_SHOWN]))
            else:
                self._to_clipboard(_REFUSED, link)

        def failed(error: CrmError) -> None:
            raise error  # no service is called

        run_in_background(
            self._screen, lambda: outside.open_outside(link), then=opened, failed=failed, group="outside"
        )


def _line(text: str) -> str:
    """The text on one line, without control characters: a line break pasted into a shell runs it."""
    return " ".join(clean_typed(text).split())[:_LONGEST_COPY]
