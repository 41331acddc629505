"""Where settings are looked for, in their order: the environment, and two ``.env`` files.

Nothing is written to ``os.environ``: what a program started from here inherits stays as it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from services.errors import SettingsError
from services.i18n import N_
from services.paths import ENV_FILE

ENVIRONMENT_SOURCE: Final = "environment"
DEFAULT_SOURCE: Final = "default"

_UNREADABLE = N_("{variable} cannot be read: {reason}. Mend the file, or move it away.")
_NOT_UTF8 = N_("{variable} is not text in UTF-8. Save it in UTF-8, or move it away.")
_BAD_LINE = N_(
    "{variable}: line {line} cannot be read. Write NAME=value, with quotes around a value that needs them."
)


@dataclass(frozen=True)
class Layer:
    """One place that gives values; relative paths in them start in ``folder``."""

    source: str
    folder: Path | None
    values: Mapping[str, str]


@dataclass(frozen=True)
class Raw:
    """A value as it was written, and where. The text may be a secret: it is never shown."""

    variable: str
    text: str
    source: str
    folder: Path | None


def read_layers(
    names: Collection[str], environ: Mapping[str, str], cwd: Path | None, config_folder: Path
) -> list[Layer]:
    """The places that give any of the names, the strongest first.

    Raises :class:`SettingsError` for a ``.env`` that cannot be read.
    """
    given = {name: environ[name] for name in names if name in environ}
    layers = [Layer(ENVIRONMENT_SOURCE, cwd, given)]
    for folder in dict.fromkeys(folder for folder in (cwd, config_folder) if folder is not None):
        layers.append(Layer(str(folder / ENV_FILE), folder, read_env_file(folder / ENV_FILE, names)))
    return layers


def find(layers: Sequence[Layer], names: Sequence[str]) -> Raw | None:
    """The first of the names that any layer gives; of several layers, the strongest."""
    for name in names:
        for layer in layers:
            if name in layer.values:
                return Raw(name, layer.values[name], layer.source, layer.folder)
    return None


def read_env_file(path: Path, names: Collection[str]) -> dict[str, str]:
    """The values of the names in a ``.env``; none where there is no such file.

    Lines of other programs are none of our business, even where they cannot be read. Raises
    :class:`SettingsError` naming the file.
    """
    text = _read_text(path)
    if not any(name in text for name in names):
        return {}
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    # dotenv_values would log what it cannot parse, to the terminal; those lines are left out beforehand.
    good_lines = []
    for binding in parse_stream(StringIO(text)):
        if not binding.error:
            good_lines.append(binding.original.string)
        elif any(name in binding.original.string for name in names):
            written = binding.original.string
            blank_lines = written[: len(written) - len(written.lstrip())].count("\n")
            raise SettingsError(str(path), _BAD_LINE, line=binding.original.line + blank_lines)
    values = dotenv_values(stream=StringIO("".join(good_lines)), interpolate=False)
    return {name: value for name, value in values.items() if name in names and value is not None}


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (
        FileNotFoundError,
        NotADirectoryError,
        IsADirectoryError,
    ):  # a folder .env holds somebody's virtualenv
        return ""
    except UnicodeDecodeError:
        raise SettingsError(str(path), _NOT_UTF8) from None
    except OSError as error:
        raise SettingsError(str(path), _UNREADABLE, reason=error.strerror or type(error).__name__) from None
