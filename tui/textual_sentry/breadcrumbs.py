"""Breadcrumbs of a Textual app: which screens were open, what was done there. Nothing that was typed."""

from collections.abc import Container
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import sentry_sdk
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

from .worker_thread import harmless

if TYPE_CHECKING:
    from textual.widgets import Button

_EDITORS: Final = frozenset({"textual.widgets._input", "textual.widgets._text_area"})
_RECENT: Final = 2.0


class Trail:
    """What led to the next event, as class names and names of actions."""

    def __init__(self, ignored_actions: Container[str]) -> None:
        self._ignored = ignored_actions
        self._recorded: dict[tuple[type, str], bool] = {}
        self._acted_at = 0.0
        self._has_moved = False
        self.screen = ""
        self.last_action = ""

    @harmless
    def began(self, app: App[Any]) -> None:
        """An app is watched from now on; its screen, if it has one yet, is where the trail starts."""
        self.last_action = self.screen = ""
        self._has_moved = False
        if app._screen_stack:
            self._stand_on(app.screen)

    @harmless
    def moved(self, app: App[Any], screen: Screen[Any]) -> None:
        """Another screen is on top."""
        stack = app._screen_stack
        below = type(stack[-2]).__name__ if len(stack) > 1 else ""
        self._arrived(self.screen or below, screen)

    @harmless
    def ended(self, app: App[Any]) -> None:
        """The app crashed; a trail without any change of screen names at least the one on top."""
        if not self._has_moved and app._screen_stack:
            self._arrived("", app.screen)

    def _arrived(self, before: str, screen: Screen[Any]) -> None:
        self._has_moved = True
        self._stand_on(screen)
        sentry_sdk.add_breadcrumb(
            category="navigation",
            message=f"{before} → {self.screen}" if before else f"→ {self.screen}",
            level="info",
            data={"from": before, "to": self.screen},
        )

    @harmless
    def acted(self, node: DOMNode, action: str) -> None:
        """An action is about to run: its name is kept, never what it is given."""
        key = (type(node), action)
        recorded = self._recorded.get(key)
        if recorded is None:
            recorded = self._recorded[key] = self._is_recorded(type(node), action)
        if recorded:
            if not self.screen:  # the one that Textual made, before any was pushed
                self._stand_on(node.screen)
            self._did(action, "ui.action")

    @harmless
    def pressed(self, button: "Button") -> None:
        """A button was pressed; by its class and its id, never its label."""
        self._did(type(button).__name__ + (f"#{button.id}" if button.id else ""), "ui.click")

    @harmless
    def crumb(self, **crumb: Any) -> None:
        """A step of another kind, with the screen where it was."""
        sentry_sdk.add_breadcrumb(data={"screen": self.screen, **crumb.pop("data", {})}, **crumb)

    @property
    def place(self) -> str:
        """The screen and what was just done there, for the name of what took too long."""
        recent = self.last_action and monotonic() - self._acted_at < _RECENT
        return " ".join(filter(None, (self.screen, self.last_action if recent else "")))

    def _stand_on(self, screen: Screen[Any]) -> None:
        self.screen = type(screen).__name__
        scope = sentry_sdk.get_isolation_scope()
        scope.set_tag("screen", self.screen)
        scope.set_transaction_name(self.screen, source="component")

    def _did(self, name: str, category: str) -> None:
        self.last_action = name
        self._acted_at = monotonic()
        self.crumb(category=category, message=name, level="info")

    def _is_recorded(self, kind: type, action: str) -> bool:
        # What runs in a field tells how long a password is. A cursor that moves in a list of Textual's own
        # is no step worth keeping, and there are many.
        if action in self._ignored or f"{kind.__name__}.{action}" in self._ignored:
            return False
        if any(base.__module__ in _EDITORS for base in kind.__mro__):
            return False
        owner = next((base for base in kind.__mro__ if _acts(base, action)), None)
        if owner is None:  # names no method: it may be anything
            return False
        return not owner.__module__.startswith("textual.") or issubclass(kind, App | Screen)


def _acts(base: type, action: str) -> bool:
    return f"_action_{action}" in vars(base) or f"action_{action}" in vars(base)
