"""The texts of the telemetry screen, built from the reports of the services."""

from rich.cells import cell_len
from textual.content import Content
from textual.dom import DOMNode

from services import formats
from services.i18n import N_, _
from services.monitoring.sentry_test import ErrorDelivery
from services.monitoring.status import PROBLEMS, SentItem, TelemetryReport
from services.telemetry import Tally
from tui.key_labels import key_of
from tui.widgets.detail.fact_list import Fact
from tui.widgets.text_cells import fit


def outcome_of(delivery: ErrorDelivery) -> str:
    """The result of a test event in one sentence."""
    if delivery.event_id is None:
        return _("Not sent: there were too many in the last minute.")
    texts = {
        True: N_("{id}: the server accepted it."),
        False: N_("{id}: the server refused it."),
        None: N_("{id}: not accepted yet; it waits and is sent later."),
    }
    return _(texts[delivery.accepted]).format(id=delivery.event_id)


def state_facts(report: TelemetryReport) -> list[Fact]:
    """The state of Sentry: on or off, the server, the queue and the last problem."""
    rates = _("traces {traces} · profiles {profiles}").format(
        traces=f"{report.traces_sample_rate:g}", profiles=f"{report.profiles_sample_rate:g}"
    )
    status = f" (HTTP {report.last_status})" if report.last_status and report.last_problem != "none" else ""
    return [
        Fact("Sentry", report.status.line(), report.is_on),
        Fact(_("Environment"), report.environment),
        Fact(_("Release"), report.release),
        Fact(_("Sample rates"), rates),
        Fact(_("Events go to"), report.host or _("nowhere")),
        Fact(_("Waiting"), formats.show_integer(report.queued)),
        Fact(_("Last problem"), _(PROBLEMS[report.last_problem]) + status, report.last_problem != "none"),
    ]


def count_facts(today: Tally, week: Tally) -> list[Fact]:
    """The numbers of errors, slow screens and refused sign-ins."""
    rows = (
        (_("Errors"), today.errors, week.errors, _("on this machine")),
        (_("Slow screens"), today.slow_screens, week.slow_screens, _("on this machine")),
        (_("Refused sign-ins"), today.refused_sign_ins, week.refused_sign_ins, _("on all terminals")),
    )
    return [
        Fact(
            label,
            _("{today} today · {week} in 7 days · {where}").format(
                today=formats.show_integer(of_today), week=formats.show_integer(of_week), where=where
            ),
        )
        for label, of_today, of_week, where in rows
    ]


def nothing_sent(node: DOMNode, report: TelemetryReport) -> str:
    """The reason why the list is empty, and the next key to press."""
    if report.is_on:
        return _("Nothing was sent yet. {key}: send a test event.").format(key=key_of(node, "telemetry.test"))
    text = _("Nothing is sent while Sentry is off. Set SENTRY_DSN and start again. {key}: back.")
    return text.format(key=key_of(node, "telemetry.back"))


def sent_line(item: SentItem, width: int) -> Content:
    """A sent item on one line of a screen of this width."""
    moment = formats.show_datetime(item.time) if item.time is not None else ""
    room = width - cell_len(item.event_id) - 16 - 10
    kinds = fit(", ".join(item.kinds), max(8, room))
    return Content(f"{fit(moment, 16)}  {kinds}  {item.event_id}")
