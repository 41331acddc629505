"""Papers as PDF, by Typst, which is an extra of the installation: it takes over 80 MB.

Typst runs in this process and reads only files beside the template. The data reach it as JSON in memory, so
nothing personal is written to a temporary file.
"""

import json
import re
import shlex
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from services.errors import CrmError
from services.i18n import N_
from services.papers import template_files
from services.papers.paper import Paper
from services.papers.template_files import WrongTemplate

_EXTRA: Final = "pdf"
_PACKAGE: Final = "typst"
_PLACE: Final = re.compile(r"┌─ (?P<file>.+):(?P<line>[0-9]+):[0-9]+")
# Typst's own fonts have Latin, Greek, Cyrillic and Hebrew letters, punctuation and signs of currencies.
_OTHER_SCRIPTS: Final = re.compile("[^\u0000-\u05ff\u1e00-\u20ff\u2100-\u22ff]")


class PdfUnavailable(CrmError):
    """The package that writes PDF is not installed; names the command that installs it."""

    exit_code = 2
    template = N_("A PDF needs one more package. Install it with: {command}\nHTML works without it.")


def is_available() -> bool:
    """Whether the package is installed; this does not load it."""
    return find_spec(_PACKAGE) is not None


def require() -> None:
    """Raise :class:`PdfUnavailable` if the package is not installed."""
    if not is_available():
        raise PdfUnavailable(command=install_command())


def install_command() -> str:
    """The command that adds the package to this installation, which may be one of pipx or uv."""
    wanted = shlex.quote(_requirement())
    place = Path(sys.prefix).as_posix().lower()
    if "/pipx/" in place:
        return f"pipx inject epicevents {wanted}"
    if "/uv/tools/" in place:
        return f"uv tool install --with {wanted} epicevents"
    return f"{shlex.quote(sys.executable)} -m pip install {wanted}"


def _requirement() -> str:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        listed = requires("epicevents") or []
    except PackageNotFoundError:  # run from the sources, not installed
        listed = []
    found = [each.partition(";")[0].strip() for each in listed if each.startswith(_PACKAGE)]
    return found[0] if found else _PACKAGE


def render(paper: Paper, template: Path, made: datetime) -> bytes:
    """The paper as a PDF, which says that it was made at this moment. Raises :class:`WrongTemplate`."""
    import typst

    data = json.dumps(asdict(paper), ensure_ascii=False)
    fonts = _fonts(template.parent, _OTHER_SCRIPTS.search(data) is not None)
    compiler = typst.Compiler(
        str(template), root=str(template.parent), font_paths=fonts, sys_inputs={"paper": data}
    )
    try:
        found: Any = compiler.compile(format="pdf", timestamp=made.astimezone(UTC).replace(microsecond=0))
    except typst.TypstError as error:
        raise _wrong(template, error) from None
    return bytes(found)


@cache
def _fonts(folder: Path, with_system: bool) -> Any:
    """Typst's fonts and those beside a template; those of the machine only if they are needed.

    To look through a thousand fonts of a machine holds up all threads for a tenth of a second.
    """
    import typst

    own = [] if folder == template_files.ORIGINALS else [str(folder)]
    return typst.Fonts(include_system_fonts=with_system, font_paths=own)


def _wrong(template: Path, error: Any) -> WrongTemplate:
    place = _PLACE.search(error.diagnostic)
    reason = " ".join([error.message, *(error.hints or [])[:1]])
    if place is None:
        return WrongTemplate(template, None, reason)
    return WrongTemplate(template.parent / place["file"], int(place["line"]), reason)
