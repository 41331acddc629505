"""The steps of a chain in the active language, for screens and commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from models.enums import ChainLink
from services import formats, rights
from services.actor import Actor
from services.chain import Step, StepState
from services.i18n import N_, _, ngettext
from services.labels import CHAIN_LINKS
from services.time_zones import event_zone

MARKS: Final[Mapping[StepState, str]] = {
    StepState.DONE: "✓",
    StepState.OPEN: "○",
    StepState.MISSING: "✗",
    StepState.WAITING: "·",
}
"""A sign for each state, so that none depends on a colour."""

_DONE: Final[Mapping[ChainLink, str]] = {
    ChainLink.CLIENT: N_("{name}, known since {since}"),
    ChainLink.CONTRACT: N_("{name}, created {since}"),
    ChainLink.SIGNATURE: N_("signed {since}"),
    ChainLink.PAYMENTS: N_("paid in full, the last {since}"),
    ChainLink.EVENT: N_("{name}, {since}"),
    ChainLink.SUPPORT: N_("{name}, assigned {since}"),
    ChainLink.NOTES: N_("kept, the last {since}"),
}
_UNDATED: Final[Mapping[ChainLink, str]] = {
    ChainLink.PAYMENTS: N_("paid in full"),
    ChainLink.SUPPORT: "{name}",
    ChainLink.NOTES: N_("kept"),
}
_MISSING: Final[Mapping[ChainLink, str]] = {
    ChainLink.CONTRACT: N_("none; the client was created {since}"),
    ChainLink.SIGNATURE: N_("missing since {since}"),
    ChainLink.PAYMENTS: N_("{due} due since {since}"),
    ChainLink.EVENT: N_("none; the contract was signed {since}"),
    ChainLink.SUPPORT: N_("nobody since {since}"),
    ChainLink.NOTES: N_("none; the event ended {since}"),
}
_OPEN: Final[Mapping[ChainLink, str]] = {
    ChainLink.PAYMENTS: N_("{due} due"),
    ChainLink.NOTES: N_("none yet"),
}
_WAITING: Final[Mapping[ChainLink, str]] = {
    ChainLink.EVENT: N_("after the signature"),
    ChainLink.SUPPORT: N_("after the event is created"),
    ChainLink.NOTES: N_("after the event is created"),
}
_BY_STATE: Final = {
    StepState.DONE: _DONE,
    StepState.MISSING: _MISSING,
    StepState.OPEN: _OPEN,
    StepState.WAITING: _WAITING,
}


def link_label(step: Step) -> str:
    """The name of the link."""
    return _(CHAIN_LINKS[step.link])


def say_step(step: Step, currency: str) -> str:
    """What is done or missing, and since when; the name in it may hold user text."""
    texts = _UNDATED if step.state is StepState.DONE and step.since is None else _BY_STATE[step.state]
    due = "" if step.due is None else formats.show_money(step.due, currency)
    return _(texts[step.link]).format(name=step.name, since=_say_since(step), due=due)


def say_left_out(count: int) -> str:
    """How many contracts of the client a chain does not show."""
    text = ngettext("{count} more contract is not shown.", "{count} more contracts are not shown.", count)
    return text.format(count=formats.show_integer(count))


def refusal_of(step: Step, actor: Actor) -> str | None:
    """Why the actor may not mend a step, translated; ``None`` if they may, or if nothing is to be mended."""
    if step.mends is None:
        return None
    owns = step.owner_id is None or step.owner_id == actor.id
    reason = rights.refusal(actor.department, step.mends, owns=owns)
    return None if reason is None else _(reason)


def _say_since(step: Step) -> str:
    if step.since is None:
        return ""
    if step.link is ChainLink.EVENT and step.state is StepState.DONE and isinstance(step.since, datetime):
        return formats.show_datetime(step.since, event_zone(step.time_zone))
    moment = step.since
    day = moment.astimezone().date() if isinstance(moment, datetime) else moment
    return formats.show_date(day)
