"""The commands for tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli import completion, console
from cli.app import command
from cli.context import require, signed_in
from cli.field_options import field_options, take_fields
from cli.linked_records import OnClient, OnContract, OnEvent, parent_of, take_links
from cli.list_options import After, All, Limit, Preset, Search, Sort, View, Where, show_list, window
from cli.options import Json
from cli.output import show_lines, show_pages, show_record
from cli.parsing import FieldParser, Parser, record_id, up_to
from models.enums import RecordKind
from services.errors import Invalid
from services.i18n import N_, _
from services.lists.query import Filter
from services.record_fields import TASK
from services.rights import Action

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm

TaskId = Annotated[str, typer.Argument(metavar="ID", help=N_("The task's id."))]
Assignee = Annotated[
    str | None,
    typer.Option(
        "--assign-to",
        metavar="USERNAME",
        autocompletion=completion.usernames(),
        help=N_("A colleague of your department; anybody in Gestion. Yourself if omitted."),
    ),
]
_MOST_MINUTES: Final = 60 * 24 * 31
_NO_COLLEAGUE = N_("There is no active collaborator {username} to whom you may assign tasks.")


@command(
    "create-task",
    N_("Create a task, for yourself or a colleague, on a record or on none."),
    example="epicevents create-task --title 'Call back' --due '2027-06-15 10:00' --client 12",
)
@field_options(TASK)
def create_task(
    assign_to: Assignee = None,
    client: OnClient = None,
    contract: OnContract = None,
    event: OnEvent = None,
    as_json: Json = False,
    **typed: str | None,
) -> None:
    """Create a task and print it."""
    with signed_in() as (crm, actor):
        from models.write_models import TaskCreate
        from services import tasks

        require(crm, actor, Action.TASK_CREATE)
        parser = take_links(FieldParser(), client, contract, event)
        parser.take("assignee_id", assign_to, _assignee(crm, actor))
        new = take_fields(parser, TASK, typed, is_new=True, now=crm.database.clock.estimate()).build(
            TaskCreate
        )
        task = tasks.create_task(crm, actor, new)
        show_record(crm, task, _("Task {id} created."), as_json=as_json)


@command(
    "update-task",
    N_("Change a task that you created or have to do; an empty due date or reminder removes it."),
    example="epicevents update-task 3 --due 2027-06-16",
)
@field_options(TASK)
def update_task(task: TaskId, assign_to: Assignee = None, as_json: Json = False, **typed: str | None) -> None:
    """Change the fields that are given and print the task."""
    with signed_in() as (crm, actor):
        from models.write_models import TaskUpdate
        from services import tasks

        parser = FieldParser().take("assignee_id", assign_to, _assignee(crm, actor))
        changes = take_fields(parser, TASK, typed, is_new=False, now=crm.database.clock.estimate()).changes(
            TaskUpdate
        )
        updated = tasks.update_task(crm, actor, record_id(task), changes)
        show_record(crm, updated, _("Task {id} updated."), as_json=as_json)


@command(
    "done-task",
    N_("Mark a task done that you created or have to do; or open it again."),
    example="epicevents done-task 3",
)
def done_task(
    task: TaskId,
    again: Annotated[bool, typer.Option("--open-again", help=N_("Open the task again."))] = False,
    as_json: Json = False,
) -> None:
    """Mark a task done and print it."""
    with signed_in() as (crm, actor):
        from services import tasks

        finished = tasks.finish_task(crm, actor, record_id(task), done=not again)
        said = _("Task {id} is open again.") if again else _("Task {id} is done.")
        show_record(crm, finished, said, as_json=as_json)


@command(
    "list-tasks",
    N_("List the tasks, those due first at the top."),
    example="epicevents list-tasks --preset overdue",
)
def list_tasks(
    client: OnClient = None,
    contract: OnContract = None,
    event: OnEvent = None,
    mine: Annotated[bool, typer.Option("--mine", help=N_("Only my own."))] = False,
    not_done: Annotated[bool, typer.Option("--open", help=N_("Only open tasks."))] = False,
    trash: Annotated[bool, typer.Option("--trash", help=N_("Show the trash instead."))] = False,
    search: Search = "",
    preset: Preset = "",
    view: View = "",
    where: Where = None,
    sort: Sort = "due",
    limit: Limit = None,
    after: After = None,
    everything: All = False,
    as_json: Json = False,
) -> None:
    """Print the tasks."""
    flags = ((Filter.MINE, mine), (Filter.OPEN, not_done), (Filter.TRASHED, trash))
    filters = [name for name, wanted in flags if wanted]
    asked = window(
        RecordKind.TASK, filters, parent_of(client, contract, event), search=search, preset=preset,
        view=view, where=where,
        sort="" if view and sort == "due" else sort, limit=limit, after=after, everything=everything,
    )  # fmt: skip
    show_list(RecordKind.TASK, asked, as_json=as_json)


def _assignee(crm: Crm, actor: Actor) -> Parser:
    """A parser of usernames. It raises ``Forbidden`` for a person to whom the actor may not assign tasks."""

    def read(username: str, field: str) -> int:
        from services import tasks

        name = username.strip()
        for key, _name, known in tasks.choose_assignees(crm, actor, limit=10_000):
            if known.lower() == name.lower():
                return key
        raise Invalid.of(field, _NO_COLLEAGUE, username=name)

    return read


@command(
    "reminders",
    N_("Print your tasks that are due or whose reminder has come; nothing if there are none."),
    example="epicevents reminders --last 15",
)
def reminders(
    last: Annotated[
        str | None,
        typer.Option(
            "--last", metavar="MINUTES", help=N_("Only the reminders of the last minutes, for cron.")
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print one line for each task, without a heading: for cron, which mails what a command prints."""
    console.set_quiet(True)
    minutes = FieldParser().take("last", last, up_to(_MOST_MINUTES)).values().get("last")
    with signed_in() as (crm, actor):
        from models.read_models import TaskRead
        from services.reminders import what_is_due

        now = crm.database.clock.estimate()
        since = None if minutes is None else now - timedelta(minutes=minutes)
        due = what_is_due(crm, actor, since)
        if as_json:
            show_pages(crm, iter([due]), TaskRead, as_json=True)
            return
        from services import formats

        for task in due:
            parts = (formats.show_due(task.due), task.title, task.about)
            show_lines([f"{task.id}: " + " · ".join(" ".join(part.split()) for part in parts if part)])
