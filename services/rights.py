"""The rights, as one table of data read top to bottom.

Source: the table "Rights" of the brief. The services enforce it in every transaction; the screens
consult it to grey a key out and to say why. The brief does not name every right. The others follow from
it: a department that may create a record may put it in the trash and take it out again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.enums import Department, OpenEnum
from services.errors import Forbidden
from services.i18n import N_


class Action(OpenEnum):
    """An action that a right allows or refuses; its value names it in refusals, audit and telemetry.

    A record type adds actions of its own, such as ``Action("task.create")``, with :func:`add_rights`.
    """

    RECORD_READ = "record.read"
    CLIENT_CREATE = "client.create"
    CLIENT_UPDATE = "client.update"
    CLIENT_REASSIGN = "client.reassign"
    CLIENT_TRASH = "client.trash"
    CONTRACT_CREATE = "contract.create"
    CONTRACT_UPDATE = "contract.update"
    CONTRACT_SIGN = "contract.sign"
    CONTRACT_TRASH = "contract.trash"
    PAYMENT_RECORD = "payment.record"
    PAYMENT_CANCEL = "payment.cancel"
    EVENT_CREATE = "event.create"
    EVENT_UPDATE = "event.update"
    EVENT_ASSIGN = "event.assign"
    EVENT_TRASH = "event.trash"
    COLLABORATOR_READ = "collaborator.read"
    COLLABORATOR_CREATE = "collaborator.create"
    COLLABORATOR_UPDATE = "collaborator.update"
    COLLABORATOR_DEACTIVATE = "collaborator.deactivate"
    COLLABORATOR_REACTIVATE = "collaborator.reactivate"
    COLLABORATOR_DELETE = "collaborator.delete"
    COLLABORATOR_UNLOCK = "collaborator.unlock"
    JOURNAL_READ = "journal.read"
    TELEMETRY_READ = "telemetry.read"
    SECURITY_READ = "security.read"
    PASSWORD_CHANGE = "password.change"
    SETTINGS_UPDATE = "settings.update"
    NOTE_CREATE = "note.create"
    NOTE_UPDATE = "note.update"
    NOTE_TRASH = "note.trash"
    TASK_CREATE = "task.create"
    TASK_ASSIGN = "task.assign"
    TASK_UPDATE = "task.update"
    TASK_DONE = "task.done"
    TASK_TRASH = "task.trash"
    VIEW_CREATE = "view.create"
    VIEW_UPDATE = "view.update"
    VIEW_TRASH = "view.trash"


class Scope(StrEnum):
    """On which records a department may act: none, one's own, any."""

    NONE = "none"
    OWN = "own"
    ANY = "any"


@dataclass(frozen=True)
class Rule:
    """One row: the scope of each department, and the sentence of the refusal (translatable)."""

    commercial: Scope
    support: Scope
    gestion: Scope
    refusal: str

    def scope(self, department: Department) -> Scope:
        """The records on which the department may act."""
        scope: Scope = getattr(self, department.value.lower())
        return scope


NONE, OWN, ANY = Scope.NONE, Scope.OWN, Scope.ANY
_OF_TASK = N_(
    "Only its creator and the person to whom it is assigned may change, do, trash or restore this task."
)
_TEAM = N_("Only Gestion manages the team.")

# "Own" is the client's sales contact for clients, contracts, payments and new events, and the
# support contact for events; the author for notes; the owner for views; the creator
# and the assignee for tasks; a colleague of the same department for assigning them.
#                                              commercial, support, gestion
RIGHTS: Final[Mapping[Action, Rule]] = {
    Action.RECORD_READ: Rule(ANY, ANY, ANY, N_("Sign in to read the records.")),
    Action.CLIENT_CREATE: Rule(ANY, NONE, ANY, N_("Only Commercial and Gestion create clients.")),
    Action.CLIENT_UPDATE: Rule(
        OWN, NONE, NONE, N_("Only the client's sales contact in Commercial may change this client.")
    ),
    Action.CLIENT_REASSIGN: Rule(
        NONE, NONE, ANY, N_("Only Gestion reassigns a client to another sales contact.")
    ),
    Action.CLIENT_TRASH: Rule(
        OWN, NONE, ANY, N_("Only the client's sales contact and Gestion may trash or restore this client.")
    ),
    Action.CONTRACT_CREATE: Rule(NONE, NONE, ANY, N_("Only Gestion creates contracts.")),
    Action.CONTRACT_UPDATE: Rule(
        OWN, NONE, ANY, N_("Only the client's sales contact and Gestion may change this contract.")
    ),
    Action.CONTRACT_SIGN: Rule(
        OWN, NONE, ANY, N_("Only the client's sales contact and Gestion may mark this contract signed.")
    ),
    Action.CONTRACT_TRASH: Rule(NONE, NONE, ANY, N_("Only Gestion may trash or restore contracts.")),
    Action.PAYMENT_RECORD: Rule(
        OWN, NONE, ANY, N_("Only the client's sales contact and Gestion record payments of this contract.")
    ),
    Action.PAYMENT_CANCEL: Rule(NONE, NONE, ANY, N_("Only Gestion cancels payments.")),
    Action.EVENT_CREATE: Rule(
        OWN, NONE, NONE, N_("Only the client's sales contact in Commercial creates events of this client.")
    ),
    Action.EVENT_UPDATE: Rule(
        NONE, OWN, NONE, N_("Only the support contact to whom this event is assigned may change it.")
    ),
    Action.EVENT_ASSIGN: Rule(NONE, NONE, ANY, N_("Only Gestion assigns the support contact.")),
    Action.EVENT_TRASH: Rule(
        OWN, NONE, NONE, N_("Only the client's sales contact in Commercial may trash or restore this event.")
    ),
    Action.COLLABORATOR_READ: Rule(NONE, NONE, ANY, _TEAM),
    Action.COLLABORATOR_CREATE: Rule(NONE, NONE, ANY, _TEAM),
    Action.COLLABORATOR_UPDATE: Rule(NONE, NONE, ANY, _TEAM),
    Action.COLLABORATOR_DEACTIVATE: Rule(NONE, NONE, ANY, _TEAM),
    Action.COLLABORATOR_REACTIVATE: Rule(NONE, NONE, ANY, _TEAM),
    Action.COLLABORATOR_DELETE: Rule(NONE, NONE, ANY, _TEAM),
    Action.COLLABORATOR_UNLOCK: Rule(NONE, NONE, ANY, _TEAM),
    Action.JOURNAL_READ: Rule(NONE, NONE, ANY, N_("Only Gestion reads the audit journal.")),
    Action.TELEMETRY_READ: Rule(NONE, NONE, ANY, N_("Only Gestion reads the telemetry screen.")),
    Action.SECURITY_READ: Rule(NONE, NONE, ANY, N_("Only Gestion sees the security banner.")),
    Action.SETTINGS_UPDATE: Rule(NONE, NONE, ANY, N_("Only Gestion changes the settings of the CRM.")),
    Action.NOTE_CREATE: Rule(ANY, ANY, ANY, N_("Sign in to write notes.")),
    Action.NOTE_UPDATE: Rule(OWN, OWN, OWN, N_("Only its author may change this note.")),
    Action.NOTE_TRASH: Rule(OWN, OWN, OWN, N_("Only its author may trash or restore this note.")),
    Action.TASK_CREATE: Rule(ANY, ANY, ANY, N_("Sign in to create tasks.")),
    Action.TASK_ASSIGN: Rule(
        OWN,
        OWN,
        ANY,
        N_("Tasks are assigned within one's own department; only Gestion assigns them to anybody."),
    ),
    Action.TASK_UPDATE: Rule(OWN, OWN, OWN, _OF_TASK),
    Action.TASK_DONE: Rule(OWN, OWN, OWN, _OF_TASK),
    Action.TASK_TRASH: Rule(OWN, OWN, OWN, _OF_TASK),
    Action.VIEW_CREATE: Rule(ANY, ANY, ANY, N_("Sign in to save views.")),
    Action.VIEW_UPDATE: Rule(OWN, OWN, ANY, N_("Only its owner and Gestion may change this view.")),
    Action.VIEW_TRASH: Rule(OWN, OWN, ANY, N_("Only its owner and Gestion may trash or restore this view.")),
    Action.PASSWORD_CHANGE: Rule(OWN, OWN, OWN, N_("You can only change your own password.")),
}

_added: dict[Action, Rule] = {}


def add_rights(rights: Mapping[Action, Rule]) -> None:
    """Add the rights of a record type that is not in the brief."""
    _added.update(rights)


def refusal(department: Department, action: Action, *, owns: bool = True) -> str | None:
    """Why the department may not do this, as a translatable sentence; ``None`` if it may.

    ``owns`` says whether the actor owns the record. Leave it out if there is no record yet.
    """
    rule = RIGHTS.get(action) or _added[action]
    scope = rule.scope(department)
    if scope is ANY or (scope is OWN and owns):
        return None
    return rule.refusal


def require(department: Department, action: Action, *, owns: bool = True) -> None:
    """Raise :class:`Forbidden` if :func:`refusal` finds a reason."""
    reason = refusal(department, action, owns=owns)
    if reason is not None:
        raise Forbidden(action.value, reason)
