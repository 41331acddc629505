"""A person whose program crashes, and who comes back to it."""

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
    """Ends the application."""


CRASH = MadeByTest()


@dataclass
class Person:
    """One person at one terminal, start after start."""

    settings: Settings
    actor: Actor

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[AppDriver]:
        """The application, signed in, until it crashes."""
        driven = AppDriver(self.settings)
        with suppress(MadeByTest):  # the pilot raises what ended the application
            async with driven.signed_in(self.actor):
                yield driven
                driven.app._handle_exception(CRASH)

    @asynccontextmanager
    async def back(self, *keys: str) -> AsyncIterator[AppDriver]:
        """The next start, with these keys pressed once the person is signed in."""
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
        """Leave a draft as a crash does."""
        base = {name: getattr(record, name, "") for name in values}
        old = {}
        if record is not None:
            old = {"record_id": record.id, "version": record.version, "made": record.created.isoformat()}
        draft = Draft(form, "New client", values, base, base, saving=saving, **old)
        drafts.keep(self.settings, self.actor, draft)

    def files(self) -> list[Path]:
        """The drafts on the disk, the newest first."""
        found = drafts.folder().glob(f"{drafts.digest_of(self.settings, self.actor)}-*.json")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def kept(self) -> dict[str, Any]:
        """What the newest draft on the disk holds; empty where there is none."""
        files = self.files()
        return json.loads(files[0].read_text()) if files else {}
