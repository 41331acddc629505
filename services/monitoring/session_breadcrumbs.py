"""Stores the breadcrumbs of a sign-in for its session, since later commands run in other processes.

Each session has one scrubbed file that only its owner can read. It is deleted when the session ends, and
otherwise after ``LONGEST`` seconds.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from services import files
from services.files import make_private_folder, write_private
from services.monitoring.scrubbing import scrub

LONGEST: Final = 2 * 24 * 3600.0
"""Seconds after which a file is deleted: a session lasts a day."""
_MOST: Final = 20
_LARGEST: Final = 20_000
_FIELDS: Final = ("category", "message", "level", "data")

_known: set[str] = set()


def save(session_id: str, crumbs: Iterable[Mapping[str, Any]]) -> None:
    """Store the breadcrumbs that led to this session. Raises :class:`OSError`."""
    _known.add(session_id)
    now = datetime.now(UTC).isoformat()
    kept = [{**crumb, "timestamp": now} for crumb in crumbs]
    path = _path_of(session_id)
    make_private_folder(path.parent)
    _remove_old(path.parent)
    write_private(path, json.dumps(scrub(kept)), replace=True)


def load(session_id: str) -> list[dict[str, Any]]:
    """The stored breadcrumbs of a session of another process; empty on a second call. Never raises."""
    if session_id in _known:
        return []
    _known.add(session_id)
    with suppress(OSError, ValueError, TypeError, KeyError):
        text = _path_of(session_id).read_text(encoding="utf-8")
        if len(text) <= _LARGEST:
            return [_crumb(each) for each in json.loads(text)[:_MOST]]
    return []


def delete(session_id: str) -> None:
    """Delete the breadcrumbs of a session that has ended. Never raises."""
    with suppress(OSError):
        _path_of(session_id).unlink()


def _crumb(kept: Mapping[str, Any]) -> dict[str, Any]:
    crumb = {name: kept[name] for name in _FIELDS if name in kept}
    return {**crumb, "timestamp": datetime.fromisoformat(kept["timestamp"])}


def _path_of(session_id: str) -> Path:
    name = hashlib.sha256(session_id.encode(errors="surrogateescape")).hexdigest()[:32]
    return files.state_folder() / "telemetry" / "trails" / f"{name}.json"


def _remove_old(folder: Path) -> None:
    for path in folder.glob("*.json"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LONGEST:
                path.unlink()
