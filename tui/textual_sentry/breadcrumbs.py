"""Breadcrumbs of a Textual app: the screens opened and the actions run there, never typed text."""

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


class Breadcrumbs:
    """Records class names of screens and names of actions as breadcrumbs of the next event."""

    def __init__(self, ignored_actions: Container[str]) -> None:
        self._ignored = ignored_actions
        self._recorded: dict[tuple[type, str], bool] = {}
        self._acted_at = 0.0
        self._has_moved = False
        self.screen = ""
        self.last_action = ""

    @harmless
    def start(self, app: App[Any]) -> None:
        """Start with an app and its current screen, if it has one yet."""
        self.last_action = self.screen = ""
        self._has_moved = False
        if app._screen_stack:
            self._set_screen(app.screen)

    @harmless
    def screen_changed(self, app: App[Any], screen: Screen[Any]) -> None:
        """Record that another screen is on top."""
        stack = app._screen_stack
        below = type(stack[-2]).__name__ if len(stack) > 1 else ""
        self._add_navigation(self.screen or below, screen)

    @harmless
    def app_crashed(self, app: App[Any]) -> None:
        """Record the top screen of a crashed app, if no change of screen was recorded."""
        if not self._has_moved and app._screen_stack:
            self._add_navigation("", app.screen)

    def _add_navigation(self, before: str, screen: Screen[Any]) -> None:
        self._has_moved = True
        self._set_screen(screen)
        sentry_sdk.add_breadcrumb(
            category="navigation",
            message=f"{before} → {self.screen}" if before else f"→ {self.screen}",
            level="info",
            data={"from": before, "to": self.screen},
        )

    @harmless
    def action_started(self, node: DOMNode, action: str) -> None:
        """Record an action that is about to run by its name, without its parameters."""
        key = (type(node), action)
        recorded = self._recorded.get(key)
        if recorded is None:
            recorded = self._recorded[key] = self._is_recorded(type(node), action)
        if recorded:
            if not self.screen:  # Textual's default screen, before any screen was pushed
                self._set_screen(node.screen)
            self._add_action(action, "ui.action")

    @harmless
    def button_pressed(self, button: "Button") -> None:
        """Record a pressed button by its class and id, without its label."""
        self._add_action(type(button).__name__ + (f"#{button.id}" if button.id else ""), "ui.click")

    @harmless
    def add(self, **crumb: Any) -> None:
        """Record another kind of breadcrumb with the current screen."""
        sentry_sdk.add_breadcrumb(data={"screen": self.screen, **crumb.pop("data", {})}, **crumb)

    @property
    def place(self) -> str:
        """The screen and the action of the last two seconds, as the name of a slow frame."""
        recent = self.last_action and monotonic() - self._acted_at < _RECENT
        return " ".join(filter(None, (self.screen, self.last_action if recent else "")))

    def _set_screen(self, screen: Screen[Any]) -> None:
        self.screen = type(screen).__name__
        scope = sentry_sdk.get_isolation_scope()
        scope.set_tag("screen", self.screen)
        scope.set_transaction_name(self.screen, source="component")

    def _add_action(self, name: str, category: str) -> None:
        self.last_action = name
        self._acted_at = monotonic()
        self.add(category=category, message=name, level="info")

    def _is_recorded(self, kind: type, action: str) -> bool:
        # Actions in an input reveal the length of a password. Cursor movements in Textual's own widgets are
        # too many to record.
        if action in self._ignored or f"{kind.__name__}.{action}" in self._ignored:
            return False
        if any(base.__module__ in _EDITORS for base in kind.__mro__):
            return False
        owner = next((base for base in kind.__mro__ if _defines_action(base, action)), None)
        if owner is None:  # no such method: the name may be any text
            return False
        return not owner.__module__.startswith("textual.") or issubclass(kind, App | Screen)


def _defines_action(base: type, action: str) -> bool:
    return f"_action_{action}" in vars(base) or f"action_{action}" in vars(base)
