"""The sources of settings in order of precedence: the environment, then two ``.env`` files.

``os.environ`` is not modified: child processes inherit it unchanged.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Final

from services.errors import SettingsError
from services.files import ENV_FILE, is_shared
from services.i18n import N_

ENVIRONMENT_SOURCE: Final = "environment"
DEFAULT_SOURCE: Final = "default"
OWN_PREFIX: Final = "EPICEVENTS_"
"""A ``.env`` in the current folder is used only if it sets a variable with this prefix.

Otherwise another project's file could send events to that project's Sentry.
"""

_UNREADABLE = N_("{variable} cannot be read: {reason}. Correct the file, or move it away.")
_NOT_UTF8 = N_("{variable} is not text in UTF-8. Save it in UTF-8, or move it away.")
_BAD_LINE = N_(
    "{variable}: line {line} cannot be read. Write NAME=value, with quotes around a value that needs them."
)


@dataclass(frozen=True)
class Layer:
    """The values of one source; relative paths in them start in ``folder``."""

    source: str
    folder: Path | None
    values: Mapping[str, str]


@dataclass(frozen=True)
class Raw:
    """A raw value and its source. The text may be a secret, so it is never shown."""

    variable: str
    text: str
    source: str
    folder: Path | None


@dataclass(frozen=True)
class Unknown:
    """An unknown variable with a name like ours; ``path`` is the ``.env`` that holds it, if any."""

    name: str
    path: Path | None = None


class FileState(StrEnum):
    """The result of trying to read a ``.env``."""

    READ = "read"
    MISSING = "missing"
    FOREIGN = "foreign"
    BROKEN = "broken"


@dataclass(frozen=True)
class EnvFile:
    """A ``.env`` that was tried. ``shared`` means that other users can read the secrets in it."""

    path: Path
    state: FileState
    shared: bool = False


@dataclass
class Sources:
    """The layers of values, the strongest first, with the files tried and the unknown variables.

    ``problems`` holds the errors of unreadable ``.env`` files if ``go_on`` is set.
    """

    layers: list[Layer] = field(default_factory=list)
    files: list[EnvFile] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    problems: list[SettingsError] = field(default_factory=list)


def read_sources(
    names: Collection[str], environ: Mapping[str, str], cwd: Path | None, config_folder: Path,
    *, secrets: Collection[str] = (), go_on: bool = False,
) -> Sources:  # fmt: skip
    """Read the named variables from all sources; ``secrets`` are those that only the owner may read.

    Raises :class:`SettingsError` for an unreadable ``.env``, unless ``go_on`` is set.
    """
    found = Sources()
    given = {name: environ[name] for name in names if name in environ}
    found.layers.append(Layer(ENVIRONMENT_SOURCE, cwd, given))
    found.unknown += [Unknown(name) for name in environ if _looks_like_ours(name) and name not in names]
    for folder in dict.fromkeys(folder for folder in (cwd, config_folder) if folder is not None):
        path = folder / ENV_FILE
        try:
            _read_file(found, path, names, secrets, own=folder == config_folder)
        except SettingsError as problem:
            if not go_on:
                raise
            found.problems.append(problem)
            found.files.append(EnvFile(path, FileState.BROKEN))
    return found


def _read_file(
    found: Sources, path: Path, names: Collection[str], secrets: Collection[str], *, own: bool
) -> None:
    """Add the values of a ``.env``; if it is not our ``own``, only if it sets one of our variables."""
    values = _read_values(path, names)
    if values is None:
        found.files.append(EnvFile(path, FileState.MISSING))
        return
    if not own and not any(name.startswith(OWN_PREFIX) for name in values):
        found.files.append(EnvFile(path, FileState.FOREIGN))
        return
    shared = any(values.get(name) for name in secrets) and is_shared(path.stat().st_mode)
    found.files.append(EnvFile(path, FileState.READ, shared=shared))
    found.layers.append(Layer(str(path), path.parent, {n: v for n, v in values.items() if n in names}))
    ours = (name for name in values if _looks_like_ours(name) or name.startswith("SENTRY_"))
    found.unknown += [Unknown(name, path) for name in ours if name not in names]


def _looks_like_ours(name: str) -> bool:
    return name[:4].upper() == OWN_PREFIX[:4]


def find(layers: Sequence[Layer], names: Sequence[str]) -> Raw | None:
    """The first name that a layer holds, with the value of the strongest such layer."""
    for name in names:
        for layer in layers:
            if name in layer.values:
                return Raw(name, layer.values[name], layer.source, layer.folder)
    return None


def read_env_file(path: Path, names: Collection[str]) -> dict[str, str]:
    """The values of the named variables in a ``.env``; empty if there is no such file.

    Invalid lines of other programs are ignored. Raises :class:`SettingsError` naming the file.
    """
    return {name: value for name, value in (_read_values(path, names) or {}).items() if name in names}


def _read_values(path: Path, names: Collection[str]) -> dict[str, str] | None:
    """Every value in a ``.env``; ``None`` if there is no such file."""
    text = _read_text(path)
    if text is None or not (OWN_PREFIX[:4] in text.upper() or any(name in text for name in names)):
        return None if text is None else {}
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    # dotenv_values logs invalid lines to the terminal, so they are removed first.
    good_lines = []
    for binding in parse_stream(StringIO(text)):
        if not binding.error:
            good_lines.append(binding.original.string)
        elif any(name in binding.original.string for name in names):
            written = binding.original.string
            blank_lines = written[: len(written) - len(written.lstrip())].count("\n")
            raise SettingsError(str(path), _BAD_LINE, line=binding.original.line + blank_lines)
    values = dotenv_values(stream=StringIO("".join(good_lines)), interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


def _read_text(path: Path) -> str | None:
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None  # a folder named .env may be a virtualenv
    except OSError as error:
        raise SettingsError(str(path), _UNREADABLE, reason=error.strerror or type(error).__name__) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if OWN_PREFIX.encode() not in data:
            return ""  # a file of another program
        raise SettingsError(str(path), _NOT_UTF8) from None
