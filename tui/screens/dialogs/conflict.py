"""Resolves a conflict with another user's changes, field by field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from services.errors import Conflict
from services.i18n import N_, _
from tui.screens.dialogs.confirm import Dialog
from tui.widgets.form.field import Field
from tui.widgets.form.field_spec import FieldSpec, FieldValue, Picked
from tui.widgets.text_cells import fit

_LABEL, _VALUE = 18, 24


@dataclass(frozen=True)
class Difference:
    """A field that both users changed to different values; ``mine`` is the default choice."""

    spec: FieldSpec
    mine: FieldValue
    theirs: FieldValue


@dataclass(frozen=True)
class Sides:
    """The changes of two users to one record: the conflicting fields, and those that merge automatically.

    ``mine`` maps each field that only this user changed to its value. The labels are translatable.
    """

    differences: Sequence[Difference]
    mine: Mapping[str, FieldValue]
    my_labels: Sequence[str]
    their_labels: Sequence[str]


def sides_of(
    fields: Iterable[Field], base: Mapping[str, FieldValue], theirs: Mapping[str, FieldValue]
) -> Sides:
    """Compare the values of the fields and the saved values of the other user with the original ones."""
    differences: list[Difference] = []
    mine: dict[str, FieldValue] = {}
    my_labels: list[str] = []
    their_labels: list[str] = []
    for field in fields:
        name, spec = field.spec.name, field.spec
        before, here, there = base.get(name), field.value, theirs.get(name, "")
        if here != before and there not in (before, here):
            differences.append(Difference(spec, here, there))
        elif here != before:
            mine[name] = here
            my_labels.append(spec.label)
        elif there != before:
            their_labels.append(spec.label)
    return Sides(differences, mine, my_labels, their_labels)


class ConflictScreen(Dialog[Mapping[str, FieldValue] | None]):
    """Its result is the chosen value of each field, or ``None`` to continue editing."""

    BINDING_GROUP_TITLE = N_("Conflict")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,m", "take(True)", N_("Mine"), priority=True, id="conflict.mine"),
        Binding("right,t", "take(False)", N_("Theirs"), priority=True, id="conflict.theirs"),
        Binding("space,enter", "turn", N_("Toggle"), priority=True, id="conflict.turn"),
        Binding("ctrl+s", "save", N_("Save"), priority=True, id="conflict.save"),
        Binding("escape", "dismiss(None)", N_("Back"), id="conflict.back"),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, conflict: Conflict, sides: Sides) -> None:
        super().__init__(_("Changed in the meantime"))
        self.conflict = conflict
        self.sides = sides
        self.differences = sides.differences
        self._mine = [True] * len(sides.differences)

    def private_values(self) -> list[str]:
        """Both sides of every field."""
        return [_as_text(side) for each in self.differences for side in (each.mine, each.theirs)]

    def body(self) -> ComposeResult:
        """The author of the change, then each conflicting field."""
        yield Static(Content(self._story()), classes="dialog-text")
        if self.differences:
            heads = fit(_("Mine"), _VALUE), _("Theirs")
            yield Static(Content(f"    {fit('', _LABEL)} {heads[0]}   {heads[1]}"), classes="conflict-head")
        yield OptionList(*(Option(self._line(place)) for place in range(len(self.differences))))
        with Horizontal(classes="dialog-buttons"):
            yield Button(Content(_("Keep editing")), id="back", compact=True)
            yield Button(Content(_("Save")), id="save", compact=True)

    def _story(self) -> str:
        todo = _("Choose for each field what to keep, then save.")
        parts = [self.conflict.message()]
        parts.append(todo if self.differences else _("You changed different fields, so saving keeps both."))
        for text, labels in (
            (_("Only you changed: {fields}."), self.sides.my_labels),
            (_("Only they changed: {fields}."), self.sides.their_labels),
        ):
            if labels:
                parts.append(text.format(fields=", ".join(_(label) for label in labels)))
        return "\n".join(parts)

    def _line(self, place: int) -> Content:
        difference, mine = self.differences[place], self._mine[place]
        label = fit(_(difference.spec.label), _LABEL)
        sides = []
        for value, taken in ((difference.mine, mine), (difference.theirs, not mine)):
            text = fit(("● " if taken else "○ ") + _one_line(value), _VALUE)
            sides.append((text, "bold" if taken else ""))
        return Content.assemble(f"  {label} ", sides[0], " ", sides[1])

    def action_take(self, mine: bool) -> None:
        """Choose my value or theirs for the field under the cursor."""
        options = self.query_one(OptionList)
        place = options.highlighted
        if place is not None:
            self._mine[place] = mine
            options.replace_option_prompt_at_index(place, self._line(place))

    def action_turn(self) -> None:
        """Toggle the choice of the field under the cursor; press a focused button."""
        options = self.query_one(OptionList)
        if isinstance(self.focused, Button):
            self.focused.press()
        elif options.highlighted is not None:
            self.action_take(not self._mine[options.highlighted])

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Close with the chosen values."""
        pairs = zip(self.differences, self._mine, strict=True)
        self.dismiss({d.spec.name: d.mine if mine else d.theirs for d, mine in pairs})

    @on(Button.Pressed, "#back")
    def _edit_on(self) -> None:
        self.dismiss(None)


def _as_text(value: FieldValue) -> str:
    return value.label if isinstance(value, Picked) else value or ""


def _one_line(value: FieldValue) -> str:
    return _as_text(value).replace("\n", " ") or _("(empty)")
