"""How keys are written for people, and which of a screen's keys are shown to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen

from services.i18n import N_, _

EVERYWHERE_ON_TOP: list[BindingType] = [
    Binding("f1", "app.help", N_("Help"), id="app.help", tooltip=N_("The keys that work here")),
    Binding("ctrl+t", "app.contrast", show=False),
    Binding("ctrl+c", "app.help_quit", show=False),
]
"""The keys that a screen on top of others must bind itself: Textual hides the application's keys from it."""

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "escape": N_("Esc"),
    "enter": N_("Enter"),
    "space": N_("Space"),
    "delete": N_("Del"),
    "backspace": "⌫",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": N_("PgUp"),
    "pagedown": N_("PgDn"),
    "home": N_("Home"),
    "end": N_("End"),
    "tab": "Tab",
    "shift": N_("Shift"),
}


@runtime_checkable
class Refuses(Protocol):
    """A screen on which some keys are refused to some people."""

    def refusal_for(self, action: str) -> str | None:
        """Why the action is refused now, translated; ``None`` when it is not."""
        ...

    def is_at_home(self, action: str) -> bool:
        """Whether the key of the action is shown on this screen; a hidden key still reacts."""
        ...


@dataclass(frozen=True)
class Key:
    """A key that does something now: for the footer, the help and the palette."""

    key: str
    shown: str
    label: str
    help: str
    action: str
    refusal: str | None
    group: str
    active: ActiveBinding

    @property
    def step(self) -> str:
        """The last part of the binding's id, the kind of key: ``down``, ``new``."""
        return (self.active.binding.id or "").rpartition(".")[2]

    @property
    def first(self) -> str:
        """The first key of the action, for the footer, which has little room."""
        return self.shown.split()[0]


def key_name(key: str) -> str:
    """A key as people write it: ``Ctrl+S``, ``?``, ``Enter``."""
    *modifiers, name = key.split("+")
    shown = _(_NAMES.get(name, name))
    if name[1:].isdigit() or (modifiers and len(name) == 1):
        shown = shown.upper()
    return "+".join([*(_(_NAMES.get(modifier, modifier.capitalize())) for modifier in modifiers), shown])


def keys_of(screen: Screen[object]) -> Iterator[Key]:
    """The described keys that a screen has now, those of the focused part first.

    Keys without an id are Textual's own editing keys; they stay as people know them.
    """
    seen: dict[tuple[int, str], list[str]] = {}
    actives: dict[tuple[int, str], ActiveBinding] = {}
    for active in screen.active_bindings.values():
        if active.binding.id and active.binding.description:
            place = (id(active.node), active.binding.action)
            seen.setdefault(place, []).append(key_name(active.binding.key))
            actives.setdefault(place, active)
    for place, active in actives.items():
        key = _key(screen, active, " ".join(seen[place]))
        if not isinstance(screen, Refuses) or screen.is_at_home(key.action):
            yield key


def _key(screen: Screen[object], active: ActiveBinding, shown: str) -> Key:
    binding = active.binding
    action = binding.action.removeprefix("app.").removeprefix("screen.")
    return Key(
        key=binding.key,
        shown=shown,
        label=_(binding.description),
        help=_(binding.tooltip) if binding.tooltip else "",
        action=action,
        refusal=screen.refusal_for(action) if isinstance(screen, Refuses) else None,
        group=str(getattr(active.node, "BINDING_GROUP_TITLE", None) or ""),
        active=active,
    )
