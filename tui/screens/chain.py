"""The chain of a client or of one contract: each step on a line, and the keys that do the missing ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.cells import cell_len
from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

import tui.widgets.option_lists  # noqa: F401 - mends two faults of Textual
from models.enums import RecordKind
from models.read_models import ClientRead
from services.chain import Chain, Deal, Step, StepState, read_chain
from services.chain_texts import MARKS, link_label, refusal_of, say_left_out, say_step
from services.errors import CrmError
from services.i18n import N_, _
from services.rights import Action
from tui.key_labels import HELP_BY_SIGN, key_name
from tui.places import Origin
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.base.form import RecordForm
from tui.screens.contract_form import ContractForm, PaymentForm, SignForm
from tui.screens.dialogs.confirm import Dialog
from tui.screens.event_form import AssignForm, EventForm
from tui.widgets.text_cells import fit

_KEYS: Final[Mapping[Action, str]] = {
    Action.CONTRACT_CREATE: "new",
    Action.CONTRACT_SIGN: "sign",
    Action.PAYMENT_RECORD: "payment",
    Action.EVENT_CREATE: "new",
    Action.EVENT_ASSIGN: "assign",
    Action.EVENT_UPDATE: "edit",
}
"""The key that mends a step, by its right; named as in a section."""
_LABEL_WIDTH: Final = 12


@dataclass(frozen=True)
class Line:
    """A line of the chain: a step, and its contract if it is not one of the client."""

    step: Step
    deal: Deal | None


class ChainScreen(Dialog[bool]):
    """Its result tells whether a form has changed something."""

    CSS_PATH = path_beside(__file__)
    BINDING_GROUP_TITLE = N_("Chain")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("Open"), priority=True, id="chain.open", tooltip=N_("Go to the record")),
        Binding("n", "mend('new')", N_("New"), id="record.new", tooltip=N_("Create what is missing")),
        Binding("S", "mend('sign')", N_("Sign"), id="record.sign"),
        Binding("p", "mend('payment')", N_("Payment"), id="record.payment"),
        Binding("a", "mend('assign')", N_("Assign"), id="record.assign"),
        Binding("e", "mend('edit')", N_("Edit"), id="record.edit"),
        Binding("j", "move(1)", N_("Next"), show=False, id="chain.down"),
        Binding("k", "move(-1)", N_("Previous"), show=False, id="chain.up"),
        Binding("ctrl+r", "reload", N_("Refresh"), show=False, id="section.reload"),
        Binding("escape,c", "close", N_("Back"), id="chain.back"),
        HELP_BY_SIGN,
    ]
    AUTO_FOCUS = "OptionList"

    steps = getters.query_one("#chain-steps", OptionList)
    note = getters.query_one("#chain-note", Static)

    def __init__(self, kind: RecordKind, record_id: int) -> None:
        super().__init__(_("Chain"))
        self._place = kind, record_id
        self._chain: Chain | None = None
        self._lines: list[Line | None] = []
        self._is_changed = False
        self._awaited = AwaitedAnswers(self)

    def private_values(self) -> list[str]:
        """The names of the client, of the events and of the people."""
        chain = self._chain
        return [] if chain is None else [chain.client.full_name, *(line.step.name for line in self._steps)]

    @property
    def holds_keys(self) -> bool:
        """While the chain is read, so that no key acts on the one before it."""
        return self._awaited.is_due

    @property
    def _steps(self) -> list[Line]:
        return [line for line in self._lines if line is not None]

    def body(self) -> ComposeResult:
        """The steps above what the one under the cursor needs."""
        yield OptionList(id="chain-steps", markup=False)
        yield Static(id="chain-note", markup=False)

    def on_mount(self) -> None:
        """Read the chain."""
        self.action_reload()

    # Reading and drawing

    def action_reload(self) -> None:
        """Read the chain again; the cursor stays on its line."""
        app = the_app(self)
        self._awaited.run(
            lambda: read_chain(app.crm, app.actor, *self._place),
            then=self._show,
            failed=self._fail,
            group="chain",
        )

    def _fail(self, error: CrmError) -> None:
        the_app(self).handle(error, self.action_reload)

    def _show(self, chain: Chain) -> None:
        is_first, self._chain = self._chain is None, chain
        self.query_one(".dialog").border_title = Content(f"{self.dialog_title} · {chain.client.full_name}")
        self._lines = [Line(step, None) for step in chain.steps]
        for deal in chain.deals:
            self._lines += [None, *(Line(step, deal) for step in deal.steps)]
        self._draw(self._first_to_mend() if is_first else self.steps.highlighted)

    def _first_to_mend(self) -> int:
        """The line of the first missing step that the person may do, else of the first missing one."""
        lines = [(place, line.step) for place, line in enumerate(self._lines) if line is not None]
        missing = [(place, step) for place, step in lines if step.state is StepState.MISSING]
        actor = the_app(self).viewer
        own = [place for place, step in missing if refusal_of(step, actor) is None]
        return next(iter([*own, *(place for place, _step in missing)]), 0)

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the lines to the new width."""
        self.call_after_refresh(lambda: self._draw(self.steps.highlighted))

    def _draw(self, cursor: int | None) -> None:
        if not self.is_mounted or self._chain is None:
            return
        width = self.steps.scrollable_content_region.width - 2
        self.steps.set_options(self._option(line, width) for line in self._lines)
        left_out = self._chain.left_out
        if left_out:
            self.steps.add_option(Option(Content(say_left_out(left_out)), disabled=True))
        self.steps.highlighted = cursor

    def _option(self, line: Line | None, width: int) -> Option:
        if line is None:
            return Option(Content(""), disabled=True)
        step, currency = line.step, the_app(self).crm.shared.currency
        key = self._key_of(step) if refusal_of(step, the_app(self).viewer) is None else ""
        text = fit(say_step(step, currency), max(8, width - _LABEL_WIDTH - 2 - cell_len(key) - 1))
        # On the line under the cursor another colour could not be read.
        style = "bold" if step.state is StepState.MISSING else ""
        return Option(
            Content.assemble(
                (f"{MARKS[step.state]} ", style),
                fit(link_label(step), _LABEL_WIDTH),
                text,
                " ",
                (key, "bold"),
            )
        )

    def _key_of(self, step: Step) -> str:
        if step.mends is None:
            return ""
        action = f"mend('{_KEYS[step.mends]}')"
        active = self.active_bindings.values()
        return next((key_name(each.binding.key) for each in active if each.binding.action == action), "")

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        line = self._line_at_cursor()
        refusal = None if line is None else refusal_of(line.step, the_app(self).viewer)
        self.note.update(Content(refusal or ""))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_open()

    # Keys

    def refusal_for(self, action: str) -> str | None:
        """Why a key mends nothing here, translated."""
        if not action.startswith("mend("):
            return None
        wanted = action[6:-2]
        steps = [line.step for line in self._candidates() if _mends(line.step, wanted)]
        reasons = [refusal_of(step, the_app(self).viewer) for step in steps]
        if not reasons:
            return _("No step of this chain needs this key.")
        return None if None in reasons else reasons[0]

    def is_at_home(self, action: str) -> bool:
        """Show only the keys that some step needs."""
        wanted = action[6:-2]
        return not action.startswith("mend(") or any(_mends(line.step, wanted) for line in self._steps)

    def _line_at_cursor(self) -> Line | None:
        place = self.steps.highlighted if self.is_mounted else None
        return self._lines[place] if place is not None and place < len(self._lines) else None

    def _candidates(self) -> list[Line]:
        """The lines in the order in which a key looks for its step: that of the cursor, its contract, all."""
        here = self._line_at_cursor()
        same = [line for line in self._steps if here is not None and line.deal is here.deal]
        return [*([here] if here is not None else []), *same, *self._steps]

    def action_mend(self, key: str) -> None:
        """Open the form that does the step at the cursor, or the nearest step that needs this key."""
        reason = self.refusal_for(f"mend('{key}')")
        if reason is not None:
            the_app(self).refuse(reason)
            return
        actor, chain = the_app(self).viewer, self._chain
        assert chain is not None
        for line in self._candidates():
            if _mends(line.step, key) and refusal_of(line.step, actor) is None:
                self.app.push_screen(_form_of(line, chain.client), self._saved)
                return

    def _saved(self, record: Any) -> None:
        if record is not None:
            self._is_changed = True
            the_app(self).say(_("Saved."))
            self.action_reload()

    def action_open(self) -> None:
        """Go to the record of the step."""
        line, chain = self._line_at_cursor(), self._chain
        if line is not None and chain is not None:
            origin = Origin(RecordKind.CLIENT, chain.client.id, chain.client.full_name)
            the_app(self).navigator.open_record(line.step.kind, line.step.id, origin)

    def action_move(self, step: int) -> None:
        """Move the cursor by one line."""
        self.steps.action_cursor_down() if step > 0 else self.steps.action_cursor_up()

    def action_close(self) -> None:
        """Go back to the list."""
        self.dismiss(self._is_changed)


def _mends(step: Step, key: str) -> bool:
    return step.mends is not None and _KEYS[step.mends] == key


def _form_of(line: Line, client: ClientRead) -> RecordForm[Any]:
    """The form that does the step of a line."""
    action, deal = line.step.mends, line.deal
    if deal is None or action is None:
        return ContractForm(client=client)
    contract = deal.contract
    event = next((each for each in deal.events if each.id == line.step.id), None)
    forms: Mapping[Action, Callable[[], RecordForm[Any]]] = {
        Action.CONTRACT_SIGN: lambda: SignForm(contract),
        Action.PAYMENT_RECORD: lambda: PaymentForm(contract),
        Action.EVENT_CREATE: lambda: EventForm(contract=contract),
        Action.EVENT_ASSIGN: lambda: AssignForm(event),
        Action.EVENT_UPDATE: lambda: EventForm(event),
    }
    return forms[action]()
