"""Draws the pictures of the documentation from the real application on the sample data of a fixed day.

Run by ``make pictures``; it writes ``docs/pictures/*.svg`` and deletes its other files.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services import i18n  # noqa: E402 (found through the line above)
from services.demo import definitions  # noqa: E402
from services.demo.writer import fill  # noqa: E402
from services.settings import Settings  # noqa: E402
from tests.support.app_driver import AppDriver  # noqa: E402
from tests.support.isolation import clean_environment, replace_environment  # noqa: E402

FOLDER: Final = ROOT / "docs" / "pictures"
SIZE: Final = (140, 40)
TODAY: Final = date(2026, 9, 16)
PASSWORDS: Final = {account.username: account.password for account in definitions.SAMPLE_ACCOUNTS}


def main() -> None:
    """Draw every picture, or those named on the command line."""
    wanted = sys.argv[1:] or list(SCENES)
    with tempfile.TemporaryDirectory() as home:
        replace_environment(clean_environment(Path(home)))
        os.chdir(home)
        i18n.activate("en_GB")
        asyncio.run(_draw(_sample_crm(Path(home)), wanted))


def _sample_crm(home: Path) -> Settings:
    from services.startup import open_crm
    from tests.support.crm import settings_for

    settings = settings_for(f"sqlite:///{home}/demo.db", home)
    crm = open_crm(settings, create=True)
    fill(crm, today=TODAY)
    crm.close()
    return settings


async def _draw(settings: Settings, names: list[str]) -> None:
    for name in names:
        async with AppDriver(settings, {"sample_accounts": definitions.SAMPLE_ACCOUNTS}).running(
            SIZE
        ) as driven:
            await SCENES[name](driven)
            svg = driven.app.export_screenshot(title="Epic Events")
        # A picture must not load fonts from the network.
        svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


async def _login(driven: AppDriver) -> None:
    await driven.settle()


async def _clients(driven: AppDriver) -> None:
    await _sign_in(driven, "commercial1")
    await driven.press("down", "down", "down")


async def _columns(driven: AppDriver) -> None:
    await _sign_in(driven, "commercial1")
    await driven.press("H", *["down"] * 5, "space", "K", "K", "K")


async def _form(driven: AppDriver) -> None:
    await _sign_in(driven, "commercial1")
    await driven.press("n")
    driven.type_into("full_name", "Aïssata Traoré")
    driven.type_into("company", "Librairie du Passage")
    driven.type_into("email", "aissata at librairie.example")
    await driven.press("tab", "tab", "tab")


async def _filter(driven: AppDriver) -> None:
    await _sign_in(driven, "commercial1")
    await driven.press("f", "5", "5", "1", *"last 30 days", "enter", "n", "4", "1", *"me", "enter")


async def _contracts(driven: AppDriver) -> None:
    await _sign_in(driven, "admin")
    await driven.press("2", "slash", *"solaria", "enter")


async def _events(driven: AppDriver) -> None:
    await _sign_in(driven, "support1")
    await driven.press("3", "f", "1", "slash", *"ouick", "enter")


async def _chain(driven: AppDriver) -> None:
    await _sign_in(driven, "admin")
    await driven.press("2", "f", "4", "c")


async def _assign(driven: AppDriver) -> None:
    await _sign_in(driven, "admin")
    await driven.press("3", "f", "2", "a", "enter")


async def _agenda(driven: AppDriver) -> None:
    await _sign_in(driven, "admin")
    await driven.press("3", "slash", *"chloe kouassi", "enter", "A")


async def _today(driven: AppDriver) -> None:
    _go_back_to_the_day()
    await _sign_in(driven, "commercial1")
    await driven.press("0", "tab", "tab", "tab")


async def _today_of_gestion(driven: AppDriver) -> None:
    _go_back_to_the_day()
    await _sign_in(driven, "admin")
    await driven.press("0", "tab", "tab", "tab")


def _go_back_to_the_day() -> None:
    """Read the figures as of the fixed day."""
    from services import today
    from services.unit_of_work import ReadContext

    morning = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=UTC)

    def read_today(crm: Any, actor: Any) -> today.Today:
        with crm.database.read() as connection:
            return today.today_at(ReadContext(connection, actor, morning), TODAY)

    today.read_today = read_today


async def _paper(driven: AppDriver) -> None:
    await _sign_in(driven, "admin")
    await driven.press("3", "slash", *"chloe kouassi", "enter", "R")


async def _tasks(driven: AppDriver) -> None:
    await _sign_in(driven, "support1")
    await driven.press("7")


async def _conflict(driven: AppDriver) -> None:
    """Bill lowers a total that Gestion raises in the same minute."""
    await _sign_in(driven, "commercial1")
    await driven.press("2", "slash", *"solaria", "enter", "e")
    driven.type_into("total_amount", "9000")
    _raise_total(driven)
    await driven.press("ctrl+s")


def _raise_total(driven: AppDriver) -> None:
    from models.write_models import ContractUpdate
    from services import contracts
    from services.auth import sessions

    contract = driven.app.screen_stack[-2].table.current_row  # type: ignore[attr-defined]
    admin = sessions.sign_in(driven.app.crm, "admin", PASSWORDS["admin"]).actor
    raised = ContractUpdate(total_amount=contract.total_amount + Decimal(500))
    contracts.update_contract(driven.app.crm, admin, contract.id, raised)


async def _journal(driven: AppDriver) -> None:
    await _sign_in(driven, "admin")
    await driven.press("5", "down", "down")


async def _sign_in(driven: AppDriver, username: str) -> None:
    driven.fill("#username", username)
    driven.fill("#password", PASSWORDS[username])
    await driven.press("enter")


SCENES: Final[dict[str, Callable[[AppDriver], Awaitable[None]]]] = {
    "login": _login,
    "today": _today,
    "today-gestion": _today_of_gestion,
    "clients": _clients,
    "columns": _columns,
    "form": _form,
    "filter": _filter,
    "contracts": _contracts,
    "events": _events,
    "chain": _chain,
    "assign": _assign,
    "agenda": _agenda,
    "paper": _paper,
    "tasks": _tasks,
    "conflict": _conflict,
    "journal": _journal,
}

if __name__ == "__main__":
    main()
