"""How keys are written for people, and which of a screen's keys are shown to them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from textual.app import App
from textual.binding import ActiveBinding, Binding, BindingType
from textual.dom import DOMNode
from textual.keys import REPLACED_KEYS, key_to_character
from textual.screen import Screen

from services.i18n import N_, _

EVERYWHERE_ON_TOP: list[BindingType] = [
    Binding("f1", "app.help", N_("Help"), id="app.help", tooltip=N_("The keys that work here")),
    Binding("ctrl+t", "app.contrast", show=False, id="app.contrast"),
    Binding("ctrl+c", "app.help_quit", show=False),
]
"""The keys that a screen on top of others must bind itself: Textual hides the application's keys from it."""
HELP_BY_SIGN: Final = Binding(
    "question_mark", "app.help", N_("Help"), id="app.help", tooltip=N_("The keys that work here")
)
"""The other key of the help, for a screen on top in which nothing is typed."""

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


NAMED_IN_TEXTS: Final[Mapping[str, str]] = {
    "alert.dismiss": "x", "app.palette": "ctrl+p", "app.quit": "ctrl+q", "builder.new": "n",
    "choice.open": "enter", "form.save": "ctrl+s", "go.clients": "1", "go.team": "4", "go.telemetry": "6",
    "list.filter": "f", "login.retry": "ctrl+r", "picker.open": "enter", "record.new": "n",
    "record.note": "N", "record.restore": "r", "record.task": "t", "record.undo": "u",
    "reminder.read": "X", "section.back": "escape", "section.reload": "ctrl+r", "telemetry.back": "escape",
    "telemetry.test": "t", "today.open": "enter",
}  # fmt: skip
"""The commands whose keys texts name, with their default keys."""


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
    shown = _(_NAMES[name]) if name in _NAMES else sign_of(name) or name
    if name[1:].isdigit() or (modifiers and len(name) == 1):
        shown = shown.upper()
    return "+".join([*(_(_NAMES.get(modifier, modifier.capitalize())) for modifier in modifiers), shown])


def sign_of(key: str) -> str | None:
    """The character of a key, ``None`` if it types none."""
    # Textual finds none for the short names that it gives itself, such as "slash".
    return key_to_character(REPLACED_KEYS.get(key, key))


def key_of(node: DOMNode, binding_id: str, default: str = "") -> str:
    """The first key of a command, as people write it; for texts that name it."""
    app = node if isinstance(node, App) else node.app
    keys = app._keymap.get(binding_id) or default or NAMED_IN_TEXTS[binding_id]
    return key_name(keys.split(",")[0])


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
    for place, active in _in_order(screen, actives):
        key = _key(screen, active, " ".join(dict.fromkeys(seen[place])))
        if not isinstance(screen, Refuses) or screen.is_at_home(key.action):
            yield key


def _in_order(
    screen: Screen[object], actives: Mapping[tuple[int, str], ActiveBinding]
) -> Iterable[tuple[tuple[int, str], ActiveBinding]]:
    """The bindings of each part in the order of its class, which a keymap of Textual does not keep."""
    if not screen.app._keymap:
        return actives.items()
    parts = list(dict.fromkeys(active.node for active in actives.values()))
    places = {
        (id(node), binding.id): (number, place)
        for number, node in enumerate(parts)
        for place, (_shown, binding) in enumerate(node._bindings)
    }
    last = (len(parts), 0)
    return sorted(actives.items(), key=lambda each: places.get((each[0][0], each[1].binding.id), last))


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
