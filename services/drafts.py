"""A form that was open when the program stopped, kept for whoever filled it in.

One file for each person and database, the newest wins; mode 0600, since it holds what was typed. It waits
for a week in the state folder. Nothing of it goes to a log or to telemetry, and no secret comes in: whoever
makes a :class:`Draft` leaves passwords out.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from services import i18n, paths
from services.database_urls import identity
from services.private_files import is_shared, make_private_folder, write_private

if TYPE_CHECKING:
    from services.announcements import Actor
    from services.settings import Settings

LONGEST_KEEP: Final = timedelta(days=7)
"""How long a draft waits for its author."""

_FORMAT: Final = 1
_LONGEST_FILE: Final = 4_000_000
"""Bytes; far more than any form holds."""


@dataclass(frozen=True)
class Chosen:
    """A record chosen in a form: its id, and its name at that time."""

    id: int
    label: str
    note: str = ""


DraftValue = str | Chosen | None
"""What stands in a field: text as typed, a key of a choice, or a chosen record."""

Values = Mapping[str, DraftValue]


@dataclass(frozen=True)
class Draft:
    """A form as it stood: which one, about which record, and what was typed.

    ``form`` names the kind of form, ``title`` is what stood above it, in the person's language. ``version``
    is the record's when the form was opened. ``stored`` is what the record held then, ``base`` the same as
    its fields showed it, ``values`` what stood in them at the end. ``saving`` says that it was on its way to
    the database, so that it may be there.
    """

    form: str
    title: str = field(repr=False)
    values: Values = field(repr=False)
    base: Values = field(repr=False)
    stored: Values = field(repr=False)
    record_id: int | None = None
    version: int | None = None
    saving: bool = False
    kept: datetime = field(default_factory=lambda: datetime.now(UTC))
    locale: str = field(default_factory=i18n.locale_name)
    id: str = field(default_factory=lambda: secrets.token_hex(8))


def path_of(settings: "Settings", actor: "Actor") -> Path:
    """Where the draft of this person on this database lies."""
    whose = f"{identity(settings.database_url)}\0{actor.username}"
    digest = hashlib.sha256(whose.encode(errors="surrogateescape")).hexdigest()
    return _folder() / f"{digest[:16]}.json"


def keep(settings: "Settings", actor: "Actor", draft: Draft) -> None:
    """Keep the draft, in the place of an older one. Raises :class:`OSError` or :class:`ValueError`."""
    text = json.dumps(
        {**asdict(draft), "format": _FORMAT, "collaborator": actor.id, "kept": draft.kept.isoformat()}
    )
    if len(text) > _LONGEST_FILE:
        raise ValueError("too long a form")
    path = path_of(settings, actor)
    make_private_folder(path.parent)
    write_private(path, text, replace=True)


def load(settings: "Settings", actor: "Actor") -> Draft | None:
    """The person's draft, if one waits that can be read. Never raises.

    A file that cannot be used is deleted, and so is everybody's that is too old. A draft in another language
    stays where it is: ``06/07/2027`` would be another day in this one.
    """
    _forget_old()
    path = path_of(settings, actor)
    try:
        draft = _draft_of(json.loads(_read(path)), actor)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        _delete(path)
        return None
    return draft if draft.locale == i18n.locale_name() else None


def discard(settings: "Settings", actor: "Actor", draft: Draft) -> None:
    """Delete the draft, unless a newer one has taken its place. Never raises."""
    path = path_of(settings, actor)
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        if json.loads(_read(path))["id"] == draft.id:
            _delete(path)


def _folder() -> Path:
    return paths.state_folder() / "drafts"


def _forget_old() -> None:
    oldest = (datetime.now(UTC) - LONGEST_KEEP).timestamp()
    with suppress(OSError):
        for path in list(_folder().iterdir()):
            if path.lstat().st_mtime < oldest:
                _delete(path)


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _read(path: Path) -> str:
    # A link could lead to a file that somebody else chose; a pipe would never end.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        foreign = os.name == "posix" and status.st_uid != os.geteuid()
        if foreign or is_shared(status.st_mode) or status.st_size > _LONGEST_FILE:
            raise ValueError("not a draft of ours")
        return file.read(_LONGEST_FILE).decode()


def _draft_of(data: dict[str, Any], actor: "Actor") -> Draft:
    kept = datetime.fromisoformat(data["kept"])
    if data["format"] != _FORMAT or data["collaborator"] != actor.id:
        raise ValueError("another program's or another person's")
    if abs(datetime.now(UTC) - kept) > LONGEST_KEEP:
        raise ValueError("too old")
    return Draft(
        form=_text(data["form"]),
        title=_text(data["title"]),
        values=_values(data["values"]),
        base=_values(data["base"]),
        stored=_values(data["stored"]),
        record_id=_number(data["record_id"]),
        version=_number(data["version"]),
        saving=data["saving"] is True,
        kept=kept,
        locale=_text(data["locale"]),
        id=_text(data["id"]),
    )


def _values(data: object) -> Values:
    if not isinstance(data, dict):
        raise TypeError("not a form")
    return {_text(name): _value(value) for name, value in data.items()}


def _value(data: object) -> DraftValue:
    if isinstance(data, dict):
        return Chosen(int(data["id"]), _text(data["label"]), _text(data["note"]))
    return None if data is None else _text(data)


def _text(data: object) -> str:
    if not isinstance(data, str):
        raise TypeError("not a text")
    return data


def _number(data: object) -> int | None:
    if data is not None and type(data) is not int:
        raise TypeError("not a number")
    return data
