"""Forms that are being filled in: kept on the disk meanwhile, offered again after the program was stopped.

The forms that can be opened again stand in a table. Those for passwords are not in it, and no field that
holds a password is ever kept.
"""

import errno
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

from services import drafts, rights
from services.draft_owner import Owner
from services.drafts import Chosen, Draft, DraftFile, DraftValue
from services.errors import CrmError, Forbidden, NotFound
from services.i18n import _
from services.rights import Action
from tui.form_state import FormState
from tui.runtime.workers import run_in_background
from tui.sections import section_named
from tui.widgets.form.field_spec import FieldValue, Picked

if TYPE_CHECKING:
    from services.actor import Actor
    from services.settings import Settings
    from tui.app import EpicEventsApp
    from tui.screens.base.form import RecordForm
    from tui.screens.base.section_actions import SectionScreen
    from tui.screens.dialogs.resume_draft import DraftAnswer

T = TypeVar("T")


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
_EVENTS, _TEAM = "tui.screens.event_form", "tui.screens.collaborator_form"
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
    "CollaboratorForm": FormKind(_TEAM, "team", Action.COLLABORATOR_UPDATE, Action.COLLABORATOR_CREATE),
    "LeaveForm": FormKind(_TEAM, "team", Action.COLLABORATOR_DEACTIVATE, about="person", step="trash"),
}


@dataclass(frozen=True)
class _AtTheEnd:
    """A form that was open when the program stopped."""

    form: "RecordForm[Any]"
    outcome: OpenForm


_ORDER: Final = (OpenForm.KEPT, OpenForm.LOST, OpenForm.SAVED, OpenForm.NONE)
"""What is said first where several forms were open."""


class Drafts:
    """Keeps the forms that the signed-in person fills in, and brings them back."""

    def __init__(self, app: "EpicEventsApp") -> None:
        self._app = app
        self._owner = Owner()
        self._files: MutableMapping[RecordForm[Any], DraftFile] = WeakKeyDictionary()
        self._given_up: list[DraftFile] = []
        self._numbers = count(1)
        self._found: Sequence[Draft] = ()
        self._left_for_later = False
        self._at_the_end: list[_AtTheEnd] | None = None
        self._has_told = False

    # While a form is filled in

    def keep_soon(self, form: "RecordForm[Any]") -> None:
        """Write the state of the form in a thread; once nothing is changed any more, delete the draft."""
        kind, file = self._place_of(form)
        if kind is None or file is None or self._at_the_end is not None:
            return
        state, number = form.state(), next(self._numbers)
        if state.is_changed:
            file.is_used = True
            draft = _draft_of(form, kind, state)
            self._in_background(partial(_written, file, draft, number), self._tell)
        elif file.is_used:
            self._in_background(lambda: file.clear(number))

    def saving(self, form: "RecordForm[Any]") -> AbstractContextManager[None]:
        """What surrounds a save, in its thread: a note that the form may be saved by now, then no draft."""
        kind, file = self._place_of(form)
        if kind is None or file is None:
            return nullcontext()
        state, number = form.state(), next(self._numbers)
        draft = replace(_draft_of(form, kind, state), saving=True) if state.is_changed else None
        return _around_save(file, draft, number)

    def give_up(self, form: "RecordForm[Any]") -> None:
        """The person has saved the form or left it: delete its draft."""
        file = self._files.get(form)
        if file is not None and file not in self._given_up and self._at_the_end is None:
            self._given_up.append(file)  # until the thread is done: the program may end before
            self._in_background(file.delete, lambda _none: self._given_up.remove(file))

    def give_up_all(self) -> None:
        """The person leaves without saving anything."""
        for form in list(self._files):
            self.give_up(form)

    def _place_of(self, form: "RecordForm[Any]") -> tuple[FormKind | None, DraftFile | None]:
        kind, actor = FORMS.get(type(form).__name__), self._app.session.actor
        if kind is None or actor is None:
            return kind, None
        if form not in self._files:
            self._files[form] = DraftFile(self._app.settings, actor, self._owner)
        return kind, self._files[form]

    def _tell(self, problem: str) -> None:
        if problem and not self._has_told:
            self._has_told = True
            lost = _("Your input is not kept if the program stops.")
            self._app.refuse(f"{lost} {problem}")

    def _in_background(self, work: Callable[[], T], then: Callable[[T], object] = bool) -> None:
        run_in_background(
            self._app, work, then=then, failed=self._app.show_error, group="drafts", exclusive=False
        )

    # When the program stops

    def keep(self) -> None:
        """Keep the open forms, once. Never raises: why the program stops must not be hidden by this."""
        if self._at_the_end is not None:
            return
        self._at_the_end = []
        with suppress(Exception):
            from tui.screens.base.form import RecordForm

            for screen in self._app.screen_stack:
                if isinstance(screen, RecordForm):
                    self._at_the_end.append(_AtTheEnd(screen, self._kept(screen)))

    def _kept(self, form: "RecordForm[Any]") -> OpenForm:
        try:
            return self._keep(form)
        except Exception:
            return OpenForm.LOST

    def _keep(self, form: "RecordForm[Any]") -> OpenForm:
        state = form.state()
        kind, file = self._place_of(form)
        if not state.is_changed:
            if file is not None and file.exists and not form.is_painted:
                return OpenForm.KEPT  # as it was brought back
            return OpenForm.LOST if form.unsaved else OpenForm.NONE
        if kind is None or file is None:
            return OpenForm.LOST
        file.write(_draft_of(form, kind, state), next(self._numbers))
        return OpenForm.KEPT

    def outcome(self) -> OpenForm:
        """What became of the open form; to be asked once the program and all its threads have ended."""
        self.end()
        outcomes = {self._outcome_of(each) for each in self._at_the_end or ()}
        return next((outcome for outcome in _ORDER if outcome in outcomes), OpenForm.NONE)

    def _outcome_of(self, each: _AtTheEnd) -> OpenForm:
        file = self._files.get(each.form)
        if each.form.is_saved and file is not None:
            file.delete()
            return OpenForm.SAVED
        return each.outcome

    def end(self) -> None:
        """Delete what was given up, and let other terminals offer the rest. Waits for the disk."""
        for file in list(self._given_up):
            file.delete()
        self._owner.release()

    # When somebody signs in

    def look(self, actor: "Actor") -> None:
        """See which forms of the person's wait; in a thread."""
        self._found = drafts.waiting(self._app.settings, actor)

    @property
    def waits(self) -> bool:
        """Whether a form that the person left for later stays on this computer."""
        return self._left_for_later

    def offer(self) -> None:
        """Ask whether to go on with a form that was found."""
        found, self._found = self._found, ()
        self._left_for_later = bool(found)
        if found:
            from tui.screens.dialogs.resume_draft import DraftQuestion

            self._app.push_screen(DraftQuestion(found), self._answered)

    def _offer_others(self) -> None:
        actor = self._app.session.actor
        if actor is not None:
            self._in_background(partial(self.look, actor), lambda _none: self.offer())

    def _answered(self, answer: "DraftAnswer | None") -> None:
        if answer is None or answer.what == "later":
            return
        if answer.what == "resume":
            self._resume(answer.draft)
        else:
            settings, actor = self._app.settings, self._app.actor
            self._in_background(
                lambda: drafts.discard(settings, actor, answer.draft), lambda _none: self._offer_others()
            )

    def _refuse(self, reason: str) -> None:
        from tui.screens.dialogs.confirm import MessageScreen

        kept = _("Your input stays kept and is offered again at the next sign-in.")
        self._app.push_screen(MessageScreen(_("This form cannot be opened again"), f"{reason} {kept}"))

    def _resume(self, draft: Draft) -> None:
        kind = FORMS.get(draft.form)
        if kind is None or (draft.record_id is None and kind.new is None):
            self._refuse(_("This program does not know the form."))
            return
        reason = section_named(kind.section).refusal(self._app.actor.department)
        if reason is not None:
            self._refuse(reason)
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
            self._refuse(error.message())
        else:
            self._app.handle(error, lambda: self._resume(draft))

    def _open(self, draft: Draft, kind: FormKind, section: "SectionScreen[Any]", record: Any) -> None:
        reason = self._refusal(draft, kind, section, record)
        if reason:
            self._refuse(reason)
            return
        settings, actor = self._app.settings, self._app.actor

        def taken(mine: Draft | str | None) -> None:
            if isinstance(mine, Draft):
                self._show(mine, kind, section, record)
            else:
                self._refuse(mine or _("It is open in another terminal, or was discarded there."))

        self._in_background(lambda: _taken(settings, actor, draft, self._owner), taken)

    def _show(self, draft: Draft, kind: FormKind, section: "SectionScreen[Any]", record: Any) -> None:
        form = _form_of(draft, kind, record)
        self._files[form] = DraftFile(self._app.settings, self._app.actor, self._owner, draft)

        def closed(saved: Any) -> None:
            section.saved(saved)
            self._offer_others()

        self._app.push_screen(form, closed)

    def _refusal(self, draft: Draft, kind: FormKind, section: "SectionScreen[Any]", record: Any) -> str:
        actor = self._app.actor
        if draft.made and _made(record) != draft.made:
            return _("The database was replaced in the meantime: this number now belongs to another record.")
        action = kind.new if record is None else kind.change
        assert action is not None, "asked for before"
        owns = record is None or section.owner_id(record) == actor.id
        refusal = rights.refusal(actor.department, action, owns=owns)
        if refusal is not None:
            return _(refusal)
        if getattr(record, "deleted", None) is not None:
            return _("{name} is in the trash.").format(name=section.title_of(record))
        return "" if record is None else section.obstacle(kind.step, record) or ""


def _taken(settings: "Settings", actor: "Actor", draft: Draft, owner: Owner) -> Draft | str | None:
    try:
        return drafts.take(settings, actor, draft, owner)
    except OSError as error:
        return _why_not(error)


def _written(file: DraftFile, draft: Draft, number: int) -> str:
    """Write it; what stands against that, for the person."""
    try:
        file.write(draft, number)
    except (OSError, ValueError) as error:
        return _why_not(error)
    return ""


def _why_not(error: OSError | ValueError) -> str:
    folder = drafts.folder()
    match getattr(error, "errno", None):
        case errno.ENOSPC | errno.EDQUOT:
            return _("There is no space left for {folder}.").format(folder=folder)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return _("{folder} cannot be written to.").format(folder=folder)
        case None:
            return _("The form is too long.")
    return _("{folder} cannot be used.").format(folder=folder)


@contextmanager
def _around_save(file: DraftFile, draft: Draft | None, number: int) -> Iterator[None]:
    if draft is not None:
        with suppress(OSError, ValueError):  # told already, or about to be; the save itself is worth more
            file.write(draft, number)
    yield
    file.delete()


def _made(record: Any) -> str:
    created = getattr(record, "created", None)
    return created.isoformat() if created is not None else ""


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
        made=_made(record),
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
