"""The command that prints the chain of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli import console
from cli.app import command
from cli.context import signed_in
from cli.options import Json
from cli.parsing import record_id
from services.i18n import N_

if TYPE_CHECKING:
    from services.actor import Actor
    from services.chain import Chain, Step

_COMMANDS: Final = {
    "contract.create": "create-contract --client {id}",
    "contract.sign": "sign-contract {id}",
    "payment.record": "record-payment {id}",
    "event.create": "create-event --contract {id}",
    "event.assign": "assign-support {id}",
    "event.update": "update-event {id}",
}
"""The command for each action that mends a step."""


@command(
    "chain",
    N_("Show what is done and what is missing in the deals of a client."),
    example="epicevents chain 12",
)
def chain(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help=N_("The client's id."))],
    as_json: Json = False,
) -> None:
    """Print the steps of each contract, and the command that does a missing one."""
    with signed_in() as (crm, actor):
        from cli.output import show_json, show_lines
        from models.enums import RecordKind
        from services.chain import read_chain
        from services.chain_texts import say_left_out

        found = read_chain(crm, actor, RecordKind.CLIENT, record_id(client))
        if as_json:
            show_json(_as_json(found, actor))
            return
        show_lines(_lines(found, actor, crm.shared.currency))
        if found.left_out:
            console.warning(say_left_out(found.left_out))


def _lines(found: Chain, actor: Actor, currency: str) -> list[str]:
    groups = [found.steps, *(deal.steps for deal in found.deals)]
    width = max(len(_label(step)) for steps in groups for step in steps)
    lines: list[str] = []
    for place, steps in enumerate(groups):
        lines += [""] if place else []
        lines += [_line(step, actor, currency, width) for step in steps]
    return lines


def _line(step: Step, actor: Actor, currency: str, width: int) -> str:
    from services.chain_texts import MARKS, refusal_of, say_step

    line = f"{MARKS[step.state]} {_label(step).ljust(width)}  {console.printable(say_step(step, currency))}"
    if step.mends is None:
        return line
    does = f"epicevents {_COMMANDS[step.mends].format(id=step.id)}"
    return f"{line}  [{refusal_of(step, actor) or does}]"


def _label(step: Step) -> str:
    from services.chain_texts import link_label

    return link_label(step)


def _as_json(found: Chain, actor: Actor) -> dict[str, Any]:
    return {
        "client": found.client.id,
        "steps": [_fields(step, actor) for step in found.steps],
        "deals": [
            {
                "contract": deal.contract.id,
                "number": deal.contract.number,
                "steps": [_fields(step, actor) for step in deal.steps],
            }
            for deal in found.deals
        ],
        "left_out": found.left_out,
    }


def _fields(step: Step, actor: Actor) -> dict[str, Any]:
    from dataclasses import asdict

    from services.chain_texts import refusal_of

    fields = asdict(step)
    del fields["owner_id"]
    return {**fields, "may": None if step.mends is None else refusal_of(step, actor) is None}
