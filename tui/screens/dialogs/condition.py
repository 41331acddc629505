"""The dialogs of one condition, one after the other: its field, its comparison, its value."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from models.text import fold
from services import filter_people
from services.actor import Actor
from services.errors import Invalid
from services.i18n import N_, _
from services.lists import condition_texts
from services.lists.filter_fields import FilterField
from services.lists.own_conditions import Fields
from services.lists.own_filters import DATES, ME, WITHOUT_VALUE, Comparison, Condition, FieldType
from tui.protocols import the_app
from tui.screens.dialogs.confirm import Dialog
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.record_picker import PickerScreen
from tui.widgets.form.field_spec import Choice, FieldSpec, Picked
from tui.widgets.form.text_input import TextInput

if TYPE_CHECKING:
    from services.crm import Crm


class ConditionDialogs:
    """Asks for a condition; going back in any of the dialogs leaves it as it was."""

    def __init__(self, screen: Screen[Any], fields: Fields) -> None:
        self._screen = screen
        self._fields = fields

    def ask(self, old: Condition | None, then: Callable[[Condition], object]) -> None:
        """Ask for the parts of a condition, with those of the old one as they were."""
        choices = [Choice(name, _(field.label)) for name, field in self._fields.items()]
        current = "" if old is None else old.field

        def chosen(name: str | None) -> None:
            if name is not None:
                self._ask_comparison(name, old if name == current else None, then)

        self._screen.app.push_screen(ChoiceScreen(_("Field"), choices, current), chosen)

    def _ask_comparison(self, name: str, old: Condition | None, then: Callable[[Condition], object]) -> None:
        field = self._fields[name]
        choices = [
            Choice(each.value, condition_texts.comparison_label(field, each)) for each in field.comparisons
        ]

        def chosen(key: str | None) -> None:
            if key is None:
                return
            comparison = Comparison(key)
            if comparison in WITHOUT_VALUE:
                then(Condition(name, comparison))
            else:
                self._ask_value(Condition(name, comparison, "" if old is None else old.value), then)

        current = "" if old is None else old.comparison.value
        self._screen.app.push_screen(ChoiceScreen(_(field.label), choices, current), chosen)

    def _ask_value(self, asked: Condition, then: Callable[[Condition], object]) -> None:
        field = self._fields[asked.field]
        title = f"{_(field.label)} {condition_texts.comparison_label(field, asked.comparison)}"

        def chosen(value: str | None) -> None:
            if value is not None:
                then(Condition(asked.field, asked.comparison, value))

        dialog: Screen[str | None]
        if field.type is FieldType.PERSON:
            picker = PickerScreen(FieldSpec("person", title, search=_search))
            picked = lambda person: chosen(_value_of(person))  # noqa: E731 - one answer for the picker
            self._screen.app.push_screen(picker, picked)
            return
        if field.type is FieldType.CHOICE:
            options = [Choice(key, _(option.label)) for key, option in field.choices.items()]
            dialog = ChoiceScreen(title, options, asked.value)
        else:
            dialog = ValueScreen(title, field, asked.value)
        self._screen.app.push_screen(dialog, chosen)


def _search(crm: "Crm", actor: Actor, typed: str) -> Sequence[Picked]:
    """Oneself, then the people found."""
    me = Picked(0, _("me"), _("whoever reads the list"))
    people = [
        Picked(
            each.id,
            each.name,
            each.username if each.active else _("{username}, inactive").format(username=each.username),
        )
        for each in filter_people.choose_people(crm, actor, typed)
    ]
    return [me, *people] if fold(me.label).startswith(fold(typed.strip())) else people


def _value_of(person: Picked | None) -> str | None:
    if person is None:
        return None
    return str(person.id) if person.id else ME


class ValueScreen(Dialog[str | None]):
    """A typed value, and how it is read. The result is the value as the condition keeps it."""

    BINDING_GROUP_TITLE = N_("Value")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", N_("Choose"), priority=True, id="value.take"),
        Binding("ctrl+s", "take", show=False, priority=True),
        Binding("escape", "dismiss(None)", N_("Back"), id="value.back"),
    ]
    AUTO_FOCUS = "TextInput"

    def __init__(self, title: str, field: FilterField, value: str) -> None:
        super().__init__(title)
        self.field = field
        self._value = value

    def private_values(self) -> list[str]:
        """What is typed."""
        return [self.query_one(TextInput).value]

    def body(self) -> ComposeResult:
        """The line above its reading."""
        yield TextInput(condition_texts.edit_value(self.field, self._value) if self._value else "")
        yield Static("", id="value-note", markup=False)

    def on_mount(self) -> None:
        """Show the reading of the old value."""
        line = self.query_one(TextInput)
        line.cursor_position = len(line.value)
        self._read_again()

    @on(Input.Changed)
    def _read_again(self) -> None:
        text = self.query_one(TextInput).value
        if not text.strip():
            self._note(_hint(self.field))
            return
        try:
            value = self._read(text)
        except Invalid:
            self._note(_hint(self.field))
            return
        self._note(self._said(value))

    def _read(self, text: str) -> str:
        app = the_app(self)
        now = app.crm.database.clock.estimate()
        return condition_texts.read_value(self.field, text, "value", app.crm.shared.currency, now)

    def _said(self, value: str) -> str:
        app = the_app(self)
        if self.field.type not in DATES:
            return "" if self.field.type is FieldType.TEXT else self._amount(value)
        said = condition_texts.say_value(self.field, value, "", {})
        days = condition_texts.say_reading(self.field, value, app.crm.database.clock.estimate())
        return f"= {said}" if said == days else f"= {said} ({days})"

    def _amount(self, value: str) -> str:
        return "= " + condition_texts.say_value(self.field, value, the_app(self).crm.shared.currency, {})

    def action_take(self) -> None:
        """Answer the value, or say what is wrong with it."""
        try:
            value = self._read(self.query_one(TextInput).value)
        except Invalid as error:
            self._note("✗ " + " ".join(each.message() for each in error.problems))
            return
        self.dismiss(value)

    def _note(self, text: str) -> None:
        self.query_one("#value-note", Static).update(Content(text))


def _hint(field: FilterField) -> str:
    if field.type in DATES:
        return _("A day or a period: today, -3, 15/6, this week, last 30 days, June 2027, 2027")
    if field.type is FieldType.TEXT:
        return _("Case and accents do not matter")
    return ""
