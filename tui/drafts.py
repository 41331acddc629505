"""The form that is open when the program stops: kept then, and offered when its author signs in again.

The forms that can be opened again stand in a table. Those for passwords are not in it, and no field that
holds a password is ever kept.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from services import drafts, rights
from services.drafts import Chosen, Draft, DraftValue
from services.errors import CrmError, Forbidden, NotFound
from services.i18n import _
from services.rights import Action
from tui.background import run_in_background
from tui.form_state import FormState
from tui.sections import section_named
from tui.widgets.field_values import FieldValue, Picked

if TYPE_CHECKING:
    from services.announcements import Actor
    from tui.app import EpicEventsApp
    from tui.screens.draft_question import DraftAnswer
    from tui.screens.form import RecordForm
    from tui.screens.section import SectionScreen


class OpenForm(Enum):
    """What became of the form that was open when the program stopped."""

    NONE = "none"
    KEPT = "kept"
    SAVED = "saved"
    LOST = "lost"


@dataclass(frozen=True)
class FormKind:
    """How to open a form again: its class, its section, and the right to it.

    ``change`` is for the form of a record, ``new`` for one without. ``about`` is the attribute that holds the
    record. ``step`` is the key that opens it, for what in the record may stand against it.
    """

    module: str
    section: str
    change: Action | None
    new: Action | None = None
    about: str = "record"
    step: str = "edit"


_CLIENTS, _CONTRACTS = "tui.screens.client_form", "tui.screens.contract_form"
_EVENTS, _TEAM = "tui.screens.event_form", "tui.screens.team_form"
FORMS: Final[Mapping[str, FormKind]] = {
    "ClientForm": FormKind(_CLIENTS, "clients", Action.CLIENT_UPDATE, Action.CLIENT_CREATE),
    "ReassignClientForm": FormKind(_CLIENTS, "clients", Action.CLIENT_REASSIGN),
    "ContractForm": FormKind(_CONTRACTS, "contracts", Action.CONTRACT_UPDATE, Action.CONTRACT_CREATE),
    "SignForm": FormKind(_CONTRACTS, "contracts", Action.CONTRACT_SIGN, about="contract", step="sign"),
    "PaymentForm": FormKind(_CONTRACTS, "contracts", Action.PAYMENT_RECORD, about="contract", step="payment"),
    "EventForm": FormKind(_EVENTS, "events", Action.EVENT_UPDATE, Action.EVENT_CREATE),
    "AssignForm": FormKind(_EVENTS, "events", Action.EVENT_ASSIGN),
    "CollaboratorForm": FormKind(_TEAM, "team", Action.COLLABORATOR_UPDATE, Action.COLLABORATOR_CREATE),
    "LeaveForm": FormKind(_TEAM, "team", Action.COLLABORATOR_DEACTIVATE, about="person", step="trash"),
}


@dataclass(frozen=True)
class _Kept:
    actor: "Actor"
    draft: Draft
    form: "RecordForm[Any]"


class Drafts:
    """Keeps the open form of the signed-in person, and brings it back."""

    def __init__(self, app: "EpicEventsApp") -> None:
        self._app = app
        self._found: Draft | None = None
        self._resumed: Draft | None = None
        self._kept: _Kept | None = None
        self._outcome: OpenForm | None = None

    # When the program stops

    def keep(self) -> None:
        """Keep the open form, once. Never raises: why the program stops must not be hidden by this."""
        if self._outcome is not None:
            return
        self._outcome = OpenForm.NONE
        with suppress(Exception):
            form = self._open_form()
            if form is not None:
                self._outcome = OpenForm.LOST
                self._outcome = self._keep(form)

    def _open_form(self) -> "RecordForm[Any] | None":
        from tui.screens.form import RecordForm

        forms = [screen for screen in self._app.screen_stack if isinstance(screen, RecordForm)]
        return forms[-1] if forms else None

    def _keep(self, form: "RecordForm[Any]") -> OpenForm:
        state, actor = form.state(), self._app.session.actor
        if not state.is_changed:
            return OpenForm.LOST if form.unsaved else OpenForm.NONE
        kind = FORMS.get(type(form).__name__)
        if kind is None or actor is None:
            return OpenForm.LOST
        draft = _draft_of(form, kind, state)
        drafts.keep(self._app.settings, actor, draft)
        self._kept = _Kept(actor, draft, form)
        return OpenForm.KEPT

    def outcome(self) -> OpenForm:
        """What became of the open form; to be asked once the program and all its threads have ended."""
        kept = self._kept
        if kept is not None and kept.form.is_saved:
            drafts.discard(self._app.settings, kept.actor, kept.draft)
            return OpenForm.SAVED
        if self._outcome in (None, OpenForm.NONE) and self._resumed is not None:
            return OpenForm.KEPT
        return self._outcome or OpenForm.NONE

    # When somebody signs in

    def look(self, actor: "Actor") -> None:
        """See whether a form of the person's waits; in a thread."""
        self._found = drafts.load(self._app.settings, actor)

    def offer(self) -> None:
        """Ask whether to go on with the form that was found."""
        draft, self._found = self._found, None
        if draft is not None:
            from tui.screens.draft_question import DraftQuestion

            self._app.push_screen(DraftQuestion(draft), partial(self._answered, draft))

    def _answered(self, draft: Draft, answer: "DraftAnswer | None") -> None:
        if answer == "resume":
            self._resume(draft)
        elif answer == "discard":
            self._discard(draft)

    def _discard(self, draft: Draft) -> None:
        self._resumed = None
        drafts.discard(self._app.settings, self._app.actor, draft)

    def _refuse(self, draft: Draft, reason: str) -> None:
        from tui.screens.confirm import MessageScreen

        self._discard(draft)
        gone = _("Your input will be discarded.")
        text = f"{reason} {gone}"
        self._app.push_screen(MessageScreen(_("This form cannot be opened again"), text))

    def _resume(self, draft: Draft) -> None:
        kind = FORMS.get(draft.form)
        if kind is None or (draft.record_id is None and kind.new is None):
            self._refuse(draft, _("This program does not know the form."))
            return
        reason = section_named(kind.section).refusal(self._app.actor.department)
        if reason is not None:
            self._refuse(draft, reason)
            return
        self._app.navigator.go(kind.section)
        section = cast("SectionScreen[Any]", self._app.screen)
        if draft.record_id is None:
            self._open(draft, kind, section, None)
        else:
            self._read_record(draft, kind, section, draft.record_id)

    def _read_record(
        self, draft: Draft, kind: FormKind, section: "SectionScreen[Any]", record_id: int
    ) -> None:
        app, get = self._app, section.SERVICES.get
        assert get is not None, "the records of every form can be read one by one"
        run_in_background(
            section,
            lambda: get(app.crm, app.actor, record_id),
            then=lambda record: self._open(draft, kind, section, record),
            failed=lambda error: self._not_read(draft, error),
            group="draft",
        )

    def _not_read(self, draft: Draft, error: CrmError) -> None:
        if isinstance(error, NotFound | Forbidden):
            self._refuse(draft, error.message())
        else:
            self._app.handle(error, lambda: self._resume(draft))

    def _open(self, draft: Draft, kind: FormKind, section: "SectionScreen[Any]", record: Any) -> None:
        reason = self._refusal(kind, section, record)
        if reason:
            self._refuse(draft, reason)
            return
        form = _form_of(draft, kind, record)
        self._resumed = draft
        self._app.push_screen(form, lambda saved: self._closed(draft, section, saved))

    def _refusal(self, kind: FormKind, section: "SectionScreen[Any]", record: Any) -> str:
        actor = self._app.actor
        action = kind.new if record is None else kind.change
        assert action is not None, "asked for before"
        owns = record is None or section.owner_id(record) == actor.id
        refusal = rights.refusal(actor.department, action, owns=owns)
        if refusal is not None:
            return _(refusal)
        if getattr(record, "deleted", None) is not None:
            return _("{name} is in the trash.").format(name=section.title_of(record))
        return "" if record is None else section.obstacle(kind.step, record) or ""

    def _closed(self, draft: Draft, section: "SectionScreen[Any]", saved: Any) -> None:
        self._discard(draft)
        section.saved(saved)


def _draft_of(form: "RecordForm[Any]", kind: FormKind, state: FormState) -> Draft:
    record = getattr(form, kind.about, None)
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
        saving=form.holds_keys,
    )


def _form_of(draft: Draft, kind: FormKind, record: Any) -> "RecordForm[Any]":
    make = getattr(import_module(kind.module), draft.form)
    if record is None:
        form: RecordForm[Any] = make()
    else:
        # With the version that the person saw: a change that somebody made since is then a conflict.
        form = make(record if draft.version is None else replace(record, version=draft.version))
    form.resume(FormState(_to_show(draft.values), _to_show(draft.base), _to_show(draft.stored)))
    return form


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
