"""A user whose program crashes and is started again."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services import drafts
from services.actor import Actor
from services.drafts import Draft
from services.settings import Settings
from tests.support.app_driver import AppDriver


class MadeByTest(Exception):
    """The exception that ends the application."""


CRASH = MadeByTest()


@dataclass
class Person:
    """One user at one terminal over several starts."""

    settings: Settings
    actor: Actor

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[AppDriver]:
        """Run the application, signed in, and crash it at the end of the block."""
        driven = AppDriver(self.settings)
        with suppress(MadeByTest):  # the pilot re-raises the exception that ended the application
            async with driven.signed_in(self.actor):
                yield driven
                driven.app._handle_exception(CRASH)

    @asynccontextmanager
    async def back(self, *keys: str) -> AsyncIterator[AppDriver]:
        """Start the application again, sign in, and press these keys."""
        driven = AppDriver(self.settings)
        async with driven.signed_in(self.actor):
            await driven.press(*keys)
            yield driven

    def left(
        self,
        form: str = "ClientForm",
        record: Any = None,
        *,
        saving: bool = False,
        **values: drafts.DraftValue,
    ) -> None:
        """Store a draft as a crash does."""
        base = {name: getattr(record, name, "") for name in values}
        old = {}
        if record is not None:
            old = {"record_id": record.id, "version": record.version, "made": record.created.isoformat()}
        draft = Draft(form, "New client", values, base, base, saving=saving, **old)
        drafts.keep(self.settings, self.actor, draft)

    def files(self) -> list[Path]:
        """The files of the user's drafts, newest first."""
        found = drafts.folder().glob(f"{drafts.digest_of(self.settings, self.actor)}-*.json")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def kept(self) -> dict[str, Any]:
        """The content of the newest draft; empty if there is none."""
        files = self.files()
        return json.loads(files[0].read_text()) if files else {}
