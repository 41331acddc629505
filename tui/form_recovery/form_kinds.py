"""The forms that can be opened again, and their drafts. No form or field of a password is among them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from services.drafts import Chosen, Draft, DraftValue
from services.rights import Action
from tui.form_state import FormState
from tui.widgets.form.field_spec import FieldValue, Picked

if TYPE_CHECKING:
    from tui.screens.base.form import RecordForm


@dataclass(frozen=True)
class FormKind:
    """How to open a form again: its class, its section, and the right to it.

    ``change`` is for the form of a record, ``new`` for one without. ``about`` is the attribute that holds the
    record. ``step`` is the key that opens it, for the state of the record that may refuse it.
    """

    module: str
    section: str
    change: Action | None
    new: Action | None = None
    about: str = "record"
    step: str = "edit"


_CLIENTS, _CONTRACTS = "tui.screens.client_form", "tui.screens.contract_form"
_EVENTS, _TEAM = "tui.screens.event_form", "tui.screens.collaborator_form"
_NOTES, _TASKS = "tui.screens.note_form", "tui.screens.task_form"
_ON_RECORDS = (
    ("Client", "clients"), ("Contract", "contracts"), ("Event", "events"), ("Collaborator", "team"),
)  # fmt: skip
FORMS: Final[Mapping[str, FormKind]] = {
    "ClientForm": FormKind(_CLIENTS, "clients", Action.CLIENT_UPDATE, Action.CLIENT_CREATE),
    "ReassignClientForm": FormKind(_CLIENTS, "clients", Action.CLIENT_REASSIGN),
    "ContractForm": FormKind(_CONTRACTS, "contracts", Action.CONTRACT_UPDATE, Action.CONTRACT_CREATE),
    "SignForm": FormKind(_CONTRACTS, "contracts", Action.CONTRACT_SIGN, about="contract", step="sign"),
    "PaymentForm": FormKind(_CONTRACTS, "contracts", Action.PAYMENT_RECORD, about="contract", step="payment"),
    "CancelPaymentForm": FormKind(
        _CONTRACTS, "contracts", Action.PAYMENT_CANCEL, about="contract", step="cancel_payment"
    ),
    "EventForm": FormKind(_EVENTS, "events", Action.EVENT_UPDATE, Action.EVENT_CREATE),
    "AssignForm": FormKind(_EVENTS, "events", Action.EVENT_ASSIGN),
    "NoteForm": FormKind(_NOTES, "notes", Action.NOTE_UPDATE),
    **{
        f"{kind}NoteForm": FormKind(_NOTES, section, Action.NOTE_CREATE, about="about", step="note")
        for kind, section in _ON_RECORDS
    },
    "TaskForm": FormKind(_TASKS, "tasks", Action.TASK_UPDATE, Action.TASK_CREATE),
    **{
        f"{kind}TaskForm": FormKind(_TASKS, section, Action.TASK_CREATE, about="about", step="task")
        for kind, section in _ON_RECORDS
    },
    "CollaboratorForm": FormKind(_TEAM, "team", Action.COLLABORATOR_UPDATE, Action.COLLABORATOR_CREATE),
    "LeaveForm": FormKind(_TEAM, "team", Action.COLLABORATOR_DEACTIVATE, about="person", step="trash"),
}
"""By the name of their class."""


def draft_of(form: "RecordForm[Any]", state: FormState) -> Draft:
    """The draft of an open form of a known kind."""
    record = getattr(form, FORMS[type(form).__name__].about, None)
    title = ""
    with suppress(Exception):
        title = form.title_text()
    return Draft(
        form=type(form).__name__,
        title=title,
        values=_to_keep(state.values),
        base=_to_keep(state.base),
        stored=_to_keep(state.stored),
        record_id=getattr(record, "id", None),
        version=getattr(record, "version", None),
        made=creation_of(record),
        saving=form.holds_keys,
    )


def form_of(draft: Draft, kind: FormKind, record: Any) -> "RecordForm[Any]":
    """The form of a draft, about this record; it opens with the values of the draft."""
    make = getattr(import_module(kind.module), draft.form)
    if record is None:
        form: RecordForm[Any] = make()
    else:
        # With the version that the person saw: a later change of another person is then a conflict.
        form = make(record if draft.version is None else replace(record, version=draft.version))
    form.draft.resume(FormState(_to_show(draft.values), _to_show(draft.base), _to_show(draft.stored)))
    return form


def creation_of(record: Any) -> str:
    """When the record was created, by which it is told from another of the same id."""
    created = getattr(record, "created", None)
    return created.isoformat() if created is not None else ""


def _to_keep(values: Mapping[str, FieldValue]) -> dict[str, DraftValue]:
    return {
        name: Chosen(value.id, value.label, value.note) if isinstance(value, Picked) else value
        for name, value in values.items()
    }


def _to_show(values: Mapping[str, DraftValue]) -> dict[str, FieldValue]:
    return {
        name: Picked(value.id, value.label, value.note) if isinstance(value, Chosen) else value
        for name, value in values.items()
    }
