"""The newest alert of refused sign-ins, as far as the person may know of it and has not dismissed it."""

from typing import TYPE_CHECKING

from services import rights
from services.actor import Actor
from services.errors import Forbidden, NotSignedIn
from services.rights import Action

if TYPE_CHECKING:
    from services.auth.brute_force import CurrentAlert
    from services.crm import Crm


def newest_alert(crm: "Crm", actor: Actor) -> "CurrentAlert | None":
    """The newest alert; ``None`` without a query for a person who may not read alerts. Call in a thread.

    Raises :class:`DatabaseUnavailable`.
    """
    if rights.refusal(actor.department, Action.SECURITY_READ) is not None:
        return None
    from services.auth import brute_force

    try:
        return brute_force.current_alert(crm, actor)
    except (NotSignedIn, Forbidden):  # the next read for the person reports it
        return None


class Alerts:
    """The newest alert, for all screens, and the alerts dismissed by each person until the program ends."""

    def __init__(self) -> None:
        self._newest: CurrentAlert | None = None
        self._dismissed: set[tuple[int, int]] = set()

    def learn(self, newest: "CurrentAlert | None") -> None:
        """Store the newest alert that was read from the database."""
        self._newest = newest

    def shown_to(self, actor: Actor | None) -> "CurrentAlert | None":
        """The alert that this person should see now."""
        if actor is None or rights.refusal(actor.department, Action.SECURITY_READ) is not None:
            return None
        if self._newest is None or (actor.id, self._newest.id) in self._dismissed:
            return None
        return self._newest

    def dismiss(self, actor: Actor) -> None:
        """The person has seen it; the next alert is another one."""
        if self._newest is not None:
            self._dismissed.add((actor.id, self._newest.id))
