"""The CRM of sample data: its temporary database, its key, and how to sign in to it."""

from __future__ import annotations

import shlex
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli import progress
from cli.context import opened
from services.i18n import N_, _

if TYPE_CHECKING:
    from services.crm import Crm
    from services.settings import Settings

_KEY_BYTES = 32
# By the values of services.demo.definitions.Step.
_STEPS = {
    "plan": N_("Creating people"),
    "rows": N_("Writing records"),
    "words": N_("Indexing words"),
    "indexes": N_("Indexing lists"),
}


def prepare_sample_crm(
    settings: Settings, database: str = "", seed: int | None = None, clients: int = 0
) -> tuple[Settings, bool]:
    """Prepare a CRM of sample data; return its settings, and whether it was filled just now.

    ``clients`` is the number of generated clients, or 0 for the small agency. Raises :class:`NotEmpty` if the
    database holds other data, and :class:`DatabaseUnavailable`.
    """
    from services.demo.definitions import DEFAULT_SEED, NotEmpty
    from services.errors import DatabaseForeign
    from services.files import remove_later
    from services.settings import with_database
    from services.settings.database_urls import sqlite_file, sqlite_url

    seed = DEFAULT_SEED if seed is None else seed
    demo_settings = with_database(settings, database or sqlite_url(_weekly_file(seed, clients)))
    with ExitStack() as clean_up:
        remove_later(sqlite_file(demo_settings.database_url), clean_up)
        try:
            with opened(demo_settings, create=True) as crm:
                fresh = _fill(crm, seed, clients)
        except DatabaseForeign:
            raise NotEmpty from None
        ready = replace(demo_settings, secret_key=_load_or_create_key(_key_file(demo_settings)))
        clean_up.pop_all()
    return ready, fresh


def how_to_sign_in(settings: Settings) -> list[str]:
    """The lines that list the sample accounts and the shell variables for the commands."""
    from services.demo.definitions import SAMPLE_ACCOUNTS

    key_file = _key_file(settings)
    return [
        _("Sample accounts:"),
        *(f"  {name} / {secret} ({department})" for name, secret, department in SAMPLE_ACCOUNTS),
        "",
        _("For the commands, in a shell:"),
        f"  export EPICEVENTS_DATABASE_URL={_url_for_shell(settings.database_url, key_file)}",
        f'  export EPICEVENTS_SECRET_KEY="$(cat {shlex.quote(str(key_file))})"',
        "  epicevents login --username admin",
    ]


def _fill(crm: Crm, seed: int, clients: int) -> bool:
    """Fill an empty database. Return false if it holds these sample data already."""
    from services.demo.bulk.fill import bulk_clients_of, fill_bulk
    from services.demo.definitions import NotEmpty
    from services.demo.writer import fill, is_demo

    if is_demo(crm):
        if clients and bulk_clients_of(crm) != clients:
            raise NotEmpty
        return False
    if clients:
        with progress.show_progress(_STEPS) as report:
            fill_bulk(crm, clients, seed, progress=report)
    else:
        fill(crm, seed)
    return True


def _weekly_file(seed: int, clients: int) -> Path:
    """The path of this week's database. Delete older files: their dates are relative to an older day."""
    year, week, _day = datetime.now().astimezone().isocalendar()
    folder = _cache_folder()
    kind = f"demo-{seed}-{clients}clients" if clients else f"demo-{seed}"
    file = folder / f"{kind}-{year}w{week:02}.db"
    # The pattern ends in a year and a week: files for another number of clients have the same prefix.
    for old in folder.glob(f"{kind}-[0-9][0-9][0-9][0-9]w[0-9][0-9].db*"):
        if not old.name.startswith(file.name):
            old.unlink(missing_ok=True)
    return file


def _cache_folder() -> Path:
    import platformdirs

    from services.files import APP_NAME

    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))


def _key_file(settings: Settings) -> Path:
    """The file of the signing key. A session of sample data must not be valid for a real CRM."""
    from hashlib import sha256

    from services.settings.database_urls import identity, sqlite_file

    file = sqlite_file(settings.database_url)
    if file is not None:
        return file.with_name(f"{file.name}.key")
    digest = sha256(identity(settings.database_url).encode()).hexdigest()
    return _cache_folder() / f"demo-{digest[:16]}.key"


def _load_or_create_key(file: Path) -> str:
    from secrets import token_hex

    with suppress(FileExistsError):  # it exists, perhaps from another terminal a moment ago
        _write(file, token_hex(_KEY_BYTES), replace=False)
    return file.read_text(encoding="ascii").strip()


def _write(file: Path, text: str, *, replace: bool) -> None:
    from services.files import make_private_folder, write_private

    if not file.parent.exists():
        make_private_folder(file.parent)
    write_private(file, text, replace=replace)


def _url_for_shell(url: str, key_file: Path) -> str:
    """The database URL for a shell, which reads a URL with a password from a file beside the key."""
    from services.settings.database_urls import shown_url

    if shown_url(url) == url:  # without a password
        return shlex.quote(url)
    file = key_file.with_suffix(".url")
    _write(file, url, replace=True)
    return f'"$(cat {shlex.quote(str(file))})"'
