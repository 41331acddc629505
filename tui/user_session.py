"""The signed-in person: sign-in, sign-out, and a new sign-in when the session has ended."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual.app import App

from services.errors import CrmError, NotSignedIn
from services.i18n import _
from tui.protocols import the_app
from tui.runtime.crash_reporting import identify
from tui.runtime.workers import run_in_background

if TYPE_CHECKING:
    from services.actor import Actor
    from services.preferences import Preferences
    from tui.form_recovery.drafts import Drafts
    from tui.person_memory import PersonMemory
    from tui.reminders import Reminders
    from tui.security_alerts import Alerts

    Arrival = tuple[Actor, Preferences]

_GROUP = "session"


class Session:
    """The signed-in person of the application."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._services = the_app(app)
        self.actor: Actor | None = None
        self.just_left: Actor | None = None
        self._token: str | None = None

    @property
    def resuming(self) -> int | None:
        """The id of the person in the token of the kept session that is being resumed."""
        opening = self._services.opening
        token = self._token or (opening.token if not opening.is_painted else None)
        if token is None or self.actor is not None:
            return None
        from services.auth import tokens

        try:
            return tokens.read(self._services.settings.secret_key or "", token).collaborator_id
        except NotSignedIn:
            return None

    @cached_property
    def alerts(self) -> "Alerts":
        """The alerts that the person may see; the first screen does not need them."""
        from tui.security_alerts import Alerts

        return Alerts()

    @cached_property
    def reminders(self) -> "Reminders":
        """The reminders of the person; the first screen does not need them."""
        from tui.reminders import Reminders

        return Reminders(self._app)

    @cached_property
    def memory(self) -> "PersonMemory":
        """What is remembered for the person; the first screen does not need it."""
        from tui.person_memory import PersonMemory

        return PersonMemory(self._app)

    @cached_property
    def drafts(self) -> "Drafts":
        """The drafts of the person's forms; the first screen does not need them."""
        from tui.form_recovery.drafts import Drafts

        return Drafts(self._app)

    def sign_in(
        self, username: str, password: str, *, then: Callable[[], None], failed: Callable[[CrmError], None]
    ) -> None:
        """Open a session, as soon as the database is open, and keep its token for the next start."""
        opening = self._services.opening

        def work() -> "Arrival":
            from services.auth import sessions, token_store

            signed_in = sessions.sign_in(opening.wait(), username, password)
            token_store.save(opening.settings, signed_in.token)
            return self._looked_up(signed_in.actor)

        def arrived(arrival: "Arrival") -> None:
            self._arrive(*arrival)
            then()

        run_in_background(self._app, work, then=arrived, failed=failed, group=_GROUP)

    def resume(self, token: str, *, failed: Callable[[CrmError], None]) -> None:
        """Go on with the session of an earlier start."""
        opening = self._services.opening
        self._token = token

        def work() -> "Arrival":
            from services.auth import sessions

            return self._looked_up(sessions.resume(opening.wait(), token))

        def arrived(arrival: "Arrival") -> None:
            self._arrive(*arrival)
            self._services.navigator.enter()

        def refused(error: CrmError) -> None:
            self._token = None
            identify(None)
            failed(error)

        run_in_background(self._app, work, then=arrived, failed=refused, group=_GROUP)

    def _looked_up(self, actor: "Actor") -> "Arrival":
        """The person with what waits for them, in a thread."""
        from tui.person_memory import remembered

        self.drafts.offers.look(actor)
        return actor, remembered(self._services.opening.wait(), actor)

    def _arrive(self, actor: "Actor", preferences: "Preferences") -> None:
        self.actor = actor
        self._token = None
        self.memory.take(actor, preferences)
        identify(actor)
        self.reminders.look()

    def sign_out(self) -> None:
        """End the session everywhere; nothing of the person stays on any screen."""
        actor, opening = self.actor, self._services.opening
        if actor is None:
            return
        self.drafts.give_up_all()
        remember = self.memory.last_write()

        def work() -> None:
            from services.auth import sessions, token_store

            remember()
            token_store.clear(opening.settings)
            sessions.sign_out(opening.wait(), actor)

        # The person leaves at once, even when the database is out of reach.
        self.leave(_("Signed out."))
        run_in_background(
            self._app, work, then=lambda _none: None, failed=self._services.show_error, group="sign out"
        )

    def left_behind(self) -> str:
        """The sentence that tells the person which data stay on this computer after signing out."""
        if self.drafts.offers.left_for_later:
            return _("The form that you left for later stays on this computer.")
        return _("No personal data is left on this computer, except papers that you saved.")

    async def close(self) -> None:
        """Release the kept drafts, so that another terminal may offer them."""
        if "drafts" in vars(self):
            await asyncio.to_thread(self.drafts.end)

    def leave(self, message: str) -> None:
        """Go to the login screen and forget the person."""
        self.just_left = self.actor or self.just_left
        self.actor = None
        self.reminders.forget()
        self.memory.forget()
        self._services.navigator.leave(message)
        identify(None)

    def sign_in_again(self, then: Callable[[], object]) -> None:
        """Ask the same person to sign in, above the open screens, then call ``then``."""
        from tui.screens.account.login import LoginScreen

        if self.actor is None or isinstance(self._app.screen, LoginScreen):
            return

        def back(signed_in: bool | None) -> None:
            if signed_in:
                then()

        message = _("Your session has ended. Sign in again to continue; your input is kept.")
        self._app.push_screen(LoginScreen(again=self.actor.username, message=message), back)
