"""Sets up a new CRM atomically: its database, its first account of Gestion and its ``.env``.

Reversible steps come first (folders, an empty database, the ``.env``). The account comes last, in one
transaction. The set-up takes as long as a migration and a password hash, so call it in a thread.
"""

import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from models.enums import Department
from services import files
from services.errors import CrmError, FieldProblem, Invalid, SettingsError
from services.files import remove_later
from services.i18n import N_
from services.settings import Settings, load_settings
from services.settings.database_urls import DATABASE_VARIABLE, canonical_url, sqlite_file
from services.settings.env_file import env_text, write_env
from services.settings.sources import ENVIRONMENT_SOURCE, read_env_file
from services.settings.variables import SECRET_VARIABLE

if TYPE_CHECKING:
    from models.write_models import CollaboratorCreate

KEY_BYTES: Final = 32
_WRITTEN = frozenset({SECRET_VARIABLE, DATABASE_VARIABLE})


class EnvFileExists(CrmError):
    """The ``.env`` to write belongs to another CRM; nothing was changed."""

    exit_code = 6
    template = N_(
        "{path} already points to a CRM. Choose another file, or remove its key and database from it."
    )


@dataclass(frozen=True)
class SetUpCommand:
    """The input for a new CRM. The account belongs to Gestion.

    An empty ``database_url`` means that of the settings; no ``env_path`` means the ``.env`` of the user's
    configuration folder. The lines of an existing ``.env`` are kept. ``shared`` holds the currency, phone
    region and time zone of the CRM; a missing one comes from the settings of this machine.
    """

    username: str
    first_name: str
    last_name: str
    email: str
    password: str = field(repr=False)
    phone: str = ""
    database_url: str = field(default="", repr=False)
    env_path: Path | None = None
    shared: Mapping[str, str] = field(default_factory=dict)


def set_up(command: SetUpCommand) -> Settings:
    """Set up a CRM, and return the settings with which to open it.

    Raises :class:`Invalid` naming every field at fault, :class:`SettingsError`, :class:`EnvFileExists`,
    :class:`services.errors.Forbidden` if the database already has accounts, and
    :class:`services.errors.DatabaseUnavailable`. After an error, everything is reverted except empty tables
    on a PostgreSQL server.
    """
    from services import shared_settings
    from services.collaborators import create_first_collaborator
    from services.startup import open_crm

    account = _first_account(command)
    env_path = _env_path(command.env_path)
    require_free(env_path)
    settings, lines = _new_settings(command, env_path)
    settings = replace(settings, **shared_settings.checked(dict(command.shared)))
    text = env_text(env_path, lines)
    with ExitStack() as undo:
        remove_later(sqlite_file(settings.database_url), undo)
        crm = open_crm(settings, create=True)
        undo.callback(crm.close)
        write_env(env_path, text, replace=env_path.exists(), undo=undo)
        shared_settings.begin(crm, settings)
        create_first_collaborator(crm, account)
        undo.pop_all()
    crm.close()
    return settings


def require_free(env_path: Path | None) -> None:
    """Raise :class:`EnvFileExists` if the ``.env`` already names a CRM. Call this before other steps."""
    path = _env_path(env_path)
    if any(read_env_file(path, _WRITTEN).values()):
        raise EnvFileExists(path=path)


def _env_path(given: Path | None) -> Path:
    return files.absolute(given or files.config_folder() / files.ENV_FILE)


def _first_account(command: SetUpCommand) -> "CollaboratorCreate":
    """The validated account. Raises :class:`Invalid` with all problems at once, including the password's."""
    from models.write_models import CollaboratorCreate
    from services.auth.passwords import check_policy
    from services.validation import build

    problems: list[FieldProblem] = []
    names = ("username", "first_name", "last_name", "email", "phone", "password")
    values: dict[str, object] = {name: getattr(command, name) for name in names}
    account = None
    try:
        account = build(CollaboratorCreate, {**values, "department": Department.GESTION})
    except Invalid as refusal:
        problems.extend(refusal.field_problems())
    try:
        check_policy(command.password, command.username)
    except Invalid as refusal:
        problems.extend(refusal.field_problems())
    if account is None or problems:
        raise Invalid(*problems)
    return account


def _new_settings(command: SetUpCommand, env_path: Path) -> tuple[Settings, Mapping[str, str]]:
    """The settings of the new CRM, and the variables to write to its ``.env``."""
    current = load_settings()
    folder = files.current_folder()
    url = canonical_url(command.database_url, folder=folder) if command.database_url else current.database_url
    lines = {DATABASE_VARIABLE: url}
    key = current.secret_key
    stronger = _stronger_sources(env_path)
    if current.sources[DATABASE_VARIABLE] in stronger and url != current.database_url:
        raise _hidden(DATABASE_VARIABLE, current)
    if current.sources[SECRET_VARIABLE] not in stronger:
        key = lines[SECRET_VARIABLE] = secrets.token_hex(KEY_BYTES)
    elif key is None:
        raise _hidden(SECRET_VARIABLE, current)
    sources = {**current.sources, **dict.fromkeys(lines, str(env_path))}
    return replace(current, secret_key=key, database_url=url, sources=sources), lines


def _stronger_sources(env_path: Path) -> set[str]:
    """The sources that take precedence over this ``.env`` at the next start."""
    sources = {ENVIRONMENT_SOURCE}
    current = files.current_folder()
    if current is not None and env_path == files.absolute(files.config_folder() / files.ENV_FILE):
        sources.add(str(current / files.ENV_FILE))
    return sources - {str(env_path)}


def _hidden(variable: str, current: Settings) -> SettingsError:
    template = N_(
        "{variable} is set in another place, which would hide the new value: {source}. Remove it there."
    )
    return SettingsError(variable, template, source=current.sources[variable])
