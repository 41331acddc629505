"""Drafts of unsaved forms, stored on disk in case the program ends before they are saved.

Each form has one file with mode 0600, since it holds typed text. The file name holds a digest of user and
database, the id of the running program (:mod:`services.draft_owner`), and the id of the draft. After the
program has ended, its drafts stay in the state folder for a week. Drafts are never sent to a log or to
telemetry. They hold no secrets: the form leaves passwords out.
"""

import hashlib
import json
import os
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from services import files, i18n
from services.draft_owner import Owner, forget_the_dead, is_alive
from services.files import is_shared, make_private_folder, write_private
from services.settings.database_urls import identity

if TYPE_CHECKING:
    from services.actor import Actor
    from services.settings import Settings

LONGEST_KEEP: Final = timedelta(days=7)
"""The time after which a draft is deleted."""

_FORMAT: Final = 1
_NAME: Final = re.compile(r"(?P<whose>[0-9a-f]{16})-(?P<owner>[0-9a-f]{16})-(?P<id>[0-9a-f]{16})\.json")
_LONGEST_FILE: Final = 4_000_000
"""Maximum size of a file in bytes, far more than any form needs."""


@dataclass(frozen=True)
class Chosen:
    """What was selected in a form: the id of a record, or a time zone, and its name at that time."""

    id: int | str
    label: str
    note: str = ""


DraftValue = str | Chosen | None
"""The value of a field: typed text, the key of a choice, or a selected record."""

Values = Mapping[str, DraftValue]


@dataclass(frozen=True)
class Draft:
    """The state of a form: its kind, its record and its field values.

    ``form`` is the kind of form, ``title`` its title in the user's language. ``version`` is the version of
    the record when the form was opened. ``made`` is the creation time of the record, which distinguishes it
    from another record with the same id. ``stored`` are the values of the record at that time, ``base`` the
    same values as formatted in the fields, ``values`` the current ones. ``saving`` means that a save had
    begun, so that the database may hold the values. ``owner`` is the id of the program that holds the draft.
    """

    form: str
    title: str = field(repr=False)
    values: Values = field(repr=False)
    base: Values = field(repr=False)
    stored: Values = field(repr=False)
    record_id: int | None = None
    version: int | None = None
    made: str = ""
    saving: bool = False
    kept: datetime = field(default_factory=lambda: datetime.now(UTC))
    locale: str = field(default_factory=i18n.locale_name)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    owner: str = field(default_factory=lambda: secrets.token_hex(8))


def folder() -> Path:
    """The folder of the drafts."""
    return files.state_folder() / "drafts"


def path_of(settings: "Settings", actor: "Actor", draft: Draft) -> Path:
    """The file of this draft."""
    return folder() / f"{digest_of(settings, actor)}-{draft.owner}-{draft.id}.json"


def digest_of(settings: "Settings", actor: "Actor") -> str:
    """The digest of user and database at the start of the file names."""
    whose = f"{identity(settings.database_url)}\0{actor.username}"
    return hashlib.sha256(whose.encode(errors="surrogateescape")).hexdigest()[:16]


def keep(settings: "Settings", actor: "Actor", draft: Draft) -> None:
    """Write the draft atomically over its previous state.

    Raises :class:`OSError`, and :class:`ValueError` if the draft is too long.
    """
    text = json.dumps(
        {**asdict(draft), "format": _FORMAT, "collaborator": actor.id, "kept": draft.kept.isoformat()}
    )
    if len(text) > _LONGEST_FILE:
        raise ValueError("too long a form")
    path = path_of(settings, actor, draft)
    make_private_folder(path.parent)
    write_private(path, text, replace=True)


def waiting(settings: "Settings", actor: "Actor") -> list[Draft]:
    """The user's drafts that no running program holds, the newest first. Never raises.

    Unusable files of the user and old files of all users are deleted. A draft in another language is skipped
    but kept: ``06/07/2027`` would mean another day.
    """
    _tidy()
    found = []
    for path, name in _files():
        if name["whose"] == digest_of(settings, actor) and not is_alive(name["owner"]):
            draft = _loaded(path, name, actor)
            if draft is not None and draft.locale == i18n.locale_name():
                found.append(draft)
    return sorted(found, key=lambda draft: draft.kept, reverse=True)


def claim(settings: "Settings", actor: "Actor", draft: Draft, owner: Owner) -> Draft | None:
    """Make a draft this program's own by renaming its file; ``None`` if another program did so first.

    Raises :class:`OSError`.
    """
    claimed = replace(draft, owner=owner.take_id())
    try:
        os.rename(path_of(settings, actor, draft), path_of(settings, actor, claimed))
    except FileNotFoundError:
        return None
    return claimed


def discard(settings: "Settings", actor: "Actor", draft: Draft) -> None:
    """Delete the draft, unless another program now owns it. Never raises."""
    _delete(path_of(settings, actor, draft))


class DraftFile:
    """The draft of one open form. It is thread-safe: an older state never replaces a newer one."""

    def __init__(
        self, settings: "Settings", actor: "Actor", owner: Owner, claimed: Draft | None = None
    ) -> None:
        self._settings, self._actor, self._owner = settings, actor, owner
        self._id = secrets.token_hex(8) if claimed is None else claimed.id
        self._last = claimed
        self._written = 0
        self._is_deleted = False
        self.is_used = claimed is not None
        """Whether a state was ever passed to a thread for writing."""
        self._guard = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether the file was written and not deleted since."""
        return self._last is not None

    def write(self, draft: Draft, number: int) -> None:
        """Write a state of the form; each state has a higher ``number``. Raises like :func:`keep`."""
        with self._guard:
            if self._is_deleted or number <= self._written:
                return
            self._written = number
            mine = replace(draft, id=self._id, owner=self._owner.take_id())
            keep(self._settings, self._actor, mine)
            self._last = mine

    def clear(self, number: int) -> None:
        """Delete states before ``number``: the form has its initial values again. Never raises."""
        with self._guard:
            if number > self._written:
                self._written = number
                self._remove()

    def delete(self) -> None:
        """Delete the draft and ignore all later writes. Never raises."""
        with self._guard:
            self._is_deleted = True
            self._remove()

    def _remove(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            discard(self._settings, self._actor, last)


def _files() -> Iterator[tuple[Path, dict[str, str]]]:
    with suppress(OSError):
        for path in list(folder().iterdir()):
            match = _NAME.fullmatch(path.name)
            if match is not None:
                yield path, match.groupdict()


def _tidy() -> None:
    """Delete drafts that are a week old, and the partial files of killed programs."""
    forget_the_dead()
    now = datetime.now(UTC).timestamp()
    with suppress(OSError):
        for path in list(folder().iterdir()):
            _look_after(path, now)


def _look_after(path: Path, now: float) -> None:
    match = _NAME.search(path.name)
    if match is not None and is_alive(match["owner"]):
        return
    half_written = match is not None and path.name.startswith(".")
    with suppress(OSError):
        age = now - path.lstat().st_mtime
        if half_written or age > LONGEST_KEEP.total_seconds():
            _delete(path)
        elif age < 0:  # written with a fast clock: its week begins now
            os.utime(path, follow_symlinks=False)


def _loaded(path: Path, name: Mapping[str, str], actor: "Actor") -> Draft | None:
    try:
        draft = _draft_of(json.loads(_read(path)), actor)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        _delete(path)
        return None
    return replace(draft, id=name["id"], owner=name["owner"])


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _read(path: Path) -> str:
    # Another user could place a link to a file of their choice, or a pipe that blocks the read.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        foreign = os.name == "posix" and status.st_uid != os.geteuid()
        if foreign or is_shared(status.st_mode) or status.st_size > _LONGEST_FILE:
            raise ValueError("not a draft of ours")
        return file.read(_LONGEST_FILE).decode()


def _draft_of(data: dict[str, Any], actor: "Actor") -> Draft:
    kept = min(datetime.fromisoformat(data["kept"]), datetime.now(UTC))
    if data["format"] != _FORMAT or data["collaborator"] != actor.id:
        raise ValueError("another program's or another person's")
    if datetime.now(UTC) - kept > LONGEST_KEEP:
        raise ValueError("too old")
    return Draft(
        form=_text(data["form"]),
        title=_text(data["title"]),
        values=_values(data["values"]),
        base=_values(data["base"]),
        stored=_values(data["stored"]),
        record_id=_number(data["record_id"]),
        version=_number(data["version"]),
        made=_text(data["made"]),
        saving=data["saving"] is True,
        kept=kept,
        locale=_text(data["locale"]),
    )


def _values(data: object) -> Values:
    if not isinstance(data, dict):
        raise TypeError("not a form")
    return {_text(name): _value(value) for name, value in data.items()}


def _value(data: object) -> DraftValue:
    if isinstance(data, dict):
        key = data["id"]
        return Chosen(key if isinstance(key, str) else int(key), _text(data["label"]), _text(data["note"]))
    return None if data is None else _text(data)


def _text(data: object) -> str:
    if not isinstance(data, str):
        raise TypeError("not a text")
    return data


def _number(data: object) -> int | None:
    if data is not None and type(data) is not int:
        raise TypeError("not a number")
    return data
