"""Every command, registered by the import of its module."""

from cli import root_command  # noqa: F401  (imported for the callback that it registers)
from cli.app import app
from cli.commands import (  # noqa: F401  (imported for the commands that they register)
    account,
    audit_log,
    check,
    clients,
    collaborators,
    configuration,
    contracts,
    demo,
    events,
    settings,
    setup,
    telemetry,
    trash,
)

__all__ = ["app"]
