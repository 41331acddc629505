"""Every command, registered by the import of its module."""

from cli import (  # noqa: F401  (imported for the commands that they register)
    account,
    check,
    clients,
    configuration,
    contracts,
    demo,
    events,
    journal,
    opening,
    settings,
    setup,
    team,
    telemetry,
    undoing,
)
from cli.app import app

__all__ = ["app"]
