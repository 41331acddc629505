"""Click's lazy group: a command line imports only the module of the command that it names."""

from importlib import import_module
from typing import Any, Final

import typer.main
from typer.core import TyperGroup

_COMMANDS: Final = {
    "account": "login logout whoami change-password",
    "agenda": "agenda",
    "chain": "chain",
    "audit_log": "journal",
    "setup": "init migrate",
    "check": "check",
    "clients": "create-client update-client list-clients",
    "collaborators": "create-user update-user deactivate-user reactivate-user delete-user unlock-user"
    " list-users",
    "configuration": "config",
    "contracts": "create-contract update-contract sign-contract record-payment cancel-payment"
    " list-payments list-contracts",
    "demo": "demo",
    "keys": "keys",
    "events": "create-event update-event assign-support list-events",
    "notes": "add-note update-note list-notes",
    "papers": "run-sheet contract-summary paper-templates",
    "settings": "settings",
    "tasks": "create-task update-task done-task list-tasks reminders",
    "telemetry": "sentry-test sentry-preview",
    "today": "today",
    "trash": "trash-client trash-contract trash-event trash-note trash-task trash-view"
    " restore-client restore-contract restore-event restore-note restore-task restore-view undo redo",
    "views": "list-views create-view update-view",
}
MODULE_OF: Final = {
    name: f"cli.commands.{module}" for module, names in _COMMANDS.items() for name in names.split()
}
"""The module of each command, in the order in which the help lists them."""

DECLARED: Final[dict[str, typer.Typer]] = {}
"""The commands of the modules that are imported."""


class LazyGroup(TyperGroup):
    """A group that knows the names of its commands, and imports the module of a command to build it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: Any = dict.fromkeys(MODULE_OF)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Build a command; ``None`` if there is none of that name."""
        if cmd_name not in MODULE_OF:
            return None
        import_module(MODULE_OF[cmd_name])
        return typer.main.get_command(DECLARED[cmd_name])
