"""Keys pressed at random, by a person of each department, while others write and the database comes and goes.

A failure names its seed and the last keys that were pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.demo import definitions
from tests.support.app_driver import AppDriver
from tests.support.raw_input import Fingers

if TYPE_CHECKING:
    from services.settings import Settings
    from tests.support.monkey import Walker

PASSWORDS = {account.username: account.password for account in definitions.SAMPLE_ACCOUNTS}
ONE_OF_EACH_DEPARTMENT = ("commercial1", "support1", "admin")
KEYS = 100
KEYS_OF_A_SOAK = 10_000


@pytest.mark.parametrize(
    ("username", "database_kind"),
    [
        ("commercial1", "sqlite"),
        ("commercial1", "postgresql"),
        ("support1", "sqlite"),
        ("admin", "postgresql"),
    ],
    indirect=["database_kind"],
)
async def test_random_keys_end_nothing(demo_settings: Settings, username: str) -> None:
    await press_at_random(demo_settings, username, seed=7, presses=KEYS)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize("username", ONE_OF_EACH_DEPARTMENT)
async def test_ten_thousand_random_keys_end_nothing(
    demo_settings: Settings, username: str, seed: int
) -> None:
    walker = await press_at_random(demo_settings, username, seed, KEYS_OF_A_SOAK)
    assert walker.seen >= {"ClientsScreen", "ContractsScreen", "EventsScreen", "LoginScreen", "Palette"}


async def press_at_random(settings: Settings, username: str, seed: int, presses: int) -> Walker:
    from services.auth import sessions
    from services.startup import open_crm
    from tests.support.concurrent_changes import Meanwhile
    from tests.support.monkey import Walker

    crm = open_crm(settings)
    me = sessions.sign_in(crm, username, PASSWORDS[username]).actor
    driven = AppDriver(settings, paints_all=True)
    fingers = Fingers(driven)
    walker = Walker(fingers, seed, me, Meanwhile(crm, PASSWORDS))
    try:
        async with driven.running():
            await walker.walk(presses)
    except BaseException as error:
        error.add_note(f"{username}, seed {seed}, after {fingers.sent} keys, of which the last were:")
        error.add_note(" ".join(fingers.last))
        raise
    finally:
        walker.meanwhile.settle()
        crm.close()
    assert driven.app.guard.crash is None
    return walker
