"""The first records of a figure's list, or its months, beside the figures of Today on a wide screen."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from textual.content import Content
from textual.widgets import Static

from models.enums import RecordKind
from services import formats
from services.errors import CrmError
from services.formats import charts
from services.i18n import _
from services.lists.query import ListQuery
from tui.protocols import the_app
from tui.runtime.workers import run_in_background, stop_in_background
from tui.widgets.text_cells import fit

if TYPE_CHECKING:
    from services.today import Figure
    from services.today_targets import Target

PREVIEW_WIDTH: Final = 120
"""The cells of a screen from which on there is room beside the figures."""
_GROUP: Final = "today preview"
_BAR: Final = 16


class TodayPreview(Static):
    """Reads the list of a figure in a thread, and shows what fits."""

    def __init__(self) -> None:
        super().__init__(id="today-preview", classes="pane", markup=False)
        self._shown: Figure | None = None

    def private_values(self) -> list[str]:
        """All lines: they hold names."""
        return [line for line in str(self.content).splitlines() if line.strip()]

    def show(self, figure: "Figure | None") -> None:
        """Show what a figure counts."""
        if figure == self._shown:
            return
        self._shown = figure
        stop_in_background(self, _GROUP)
        if figure is None or figure.points or not figure.target.preset:
            self._fill(_title_of(figure), _points_of(figure, self._currency))
            return
        target, app = figure.target, the_app(self)
        title = _title_of(figure)
        run_in_background(
            self,
            lambda: _first_of(app, target, max(1, self.size.height)),
            then=lambda rows: self._fill(title, [_row_of(target.kind, row, self._currency) for row in rows]),
            failed=self._nothing,
            group=_GROUP,
            only_reads=True,
        )

    @property
    def _currency(self) -> str:
        return the_app(self).crm.shared.currency

    def _nothing(self, _error: CrmError) -> None:
        """The figures report the error; here it only leaves the pane empty."""
        self._shown = None
        self._fill("", [])

    def _fill(self, title: str, rows: list[tuple[str, str, str]]) -> None:
        self.border_title = Content(title)
        self.update(Content("\n".join(_line(row, self.content_size.width) for row in rows)))


def _first_of(app: Any, target: "Target", limit: int) -> list[Any]:
    from services.list_reader import ListReader
    from services.today_targets import preset_of

    preset = preset_of(target)
    query = ListQuery(preset.filters, sort=preset.sort, descending=preset.descending, own=preset.own)
    reader: ListReader[Any] = ListReader(app.crm, lambda: app.session.actor, target.kind, query)
    return reader.window(0, limit)


def _title_of(figure: "Figure | None") -> str:
    from services.today_texts import LABELS, say_target

    if figure is None:
        return ""
    return _(LABELS[figure.key]) if figure.points and figure.key in LABELS else say_target(figure)


def _points_of(figure: "Figure | None", currency: str) -> list[tuple[str, str, str]]:
    """The days, weeks or months of a figure, or the facts of an event."""
    if figure is None:
        return []
    if (event := figure.event) is not None:
        support = event.support_contact_name or _("no support")
        texts = (formats.show_datetime(event.start), event.name, event.client_name, event.client_phone,
                 event.location, support, event.notes)  # fmt: skip
        return [("", text, "") for text in texts if text]
    values = [point.number if point.amount is None else point.amount for point in figure.points]
    most = max(values, default=0)
    return [
        (
            formats.show_date(point.first), charts.bar(value, most, _BAR),
            formats.show_integer(point.number)
            + ("" if point.amount is None else f" · {formats.show_money(point.amount, currency)}"),
        )
        for point, value in zip(figure.points, values, strict=True)
    ]  # fmt: skip


def _row_of(kind: RecordKind | None, row: Any, currency: str) -> tuple[str, str, str]:
    """The first, the middle and the last part of a record's line."""
    parts: Mapping[RecordKind, Callable[[], tuple[str, str, str]]] = {
        RecordKind.CLIENT: lambda: (_day(row.last_contact_date), row.full_name, row.phone),
        RecordKind.CONTRACT: lambda: (
            row.number, row.client_name, formats.show_money(row.amount_remaining, currency)
        ),
        RecordKind.EVENT: lambda: (formats.list_datetime(row.start), row.name, row.client_phone),
        RecordKind.TASK: lambda: (_day(row.due_on), row.title, row.about),
    }  # fmt: skip
    return ("", "", "") if kind is None else parts[kind]()


def _day(day: Any) -> str:
    return formats.show_date(day) if day is not None else "—"


def _line(row: tuple[str, str, str], width: int) -> str:
    first, middle, last = row
    if not first and not last:
        return fit(middle.replace("\n", " "), width)
    last = fit(last, min(20, max(0, width // 3)), "right")
    first = f"{first}  " if first else ""
    return f"{first}{fit(middle, max(0, width - len(first) - len(last) - 2))}  {last}"
