"""Finds the templates of papers: those of a folder of one's own first, then those of the program."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from services import files
from services.errors import CrmError
from services.i18n import N_, _
from services.papers.kinds import PaperFormat, PaperKind
from services.settings.variables import TEMPLATES_VARIABLE

ORIGINALS: Final = Path(__file__).parent / "originals"
"""The folder of the program's own templates."""
_SUFFIXES: Final = {PaperFormat.TEXT: ".txt", PaperFormat.HTML: ".html", PaperFormat.PDF: ".typ"}


_WRONG: Final = N_("The template {place} cannot be used: {reason}")


class WrongTemplate(CrmError):
    """A template cannot be used; names its file and, if it is known, the line."""

    exit_code = 2
    template = _WRONG

    def __init__(self, file: Path | str, line: int | None, reason: str) -> None:
        super().__init__(file=str(file), line=line, reason=reason)

    def message(self) -> str:
        """The sentence for the user, in the active language."""
        file, line = self.params["file"], self.params["line"]
        place = file if line is None else _("{file}, line {n}").format(file=file, n=line)
        return _(_WRONG).format(place=place, reason=self.params["reason"])


class NoTemplateFolder(CrmError):
    """The folder of the setting is not there."""

    exit_code = 2
    template = N_("{variable} names the folder {folder}, which does not exist.")


class NotExported(CrmError):
    """The templates cannot be written into a folder."""

    exit_code = 2
    template = N_("The templates cannot be written to {folder}: {reason}")


class TemplatesExist(CrmError):
    """The folder holds templates already; nothing was written."""

    exit_code = 6
    template = N_("{folder} already holds {names}. Give --force to replace them.")


def find(folder: Path | None, kind: PaperKind, form: PaperFormat) -> Path:
    """The template of a paper: ``run-sheet.html`` of the folder, then ``paper.html`` there, else our own.

    Raises :class:`NoTemplateFolder`.
    """
    if folder is None:
        return ORIGINALS / f"paper{_SUFFIXES[form]}"
    if not folder.is_dir():
        raise NoTemplateFolder(variable=TEMPLATES_VARIABLE, folder=str(folder))
    names = (f"{kind.value}{_SUFFIXES[form]}", f"paper{_SUFFIXES[form]}")
    found = [folder / name for name in names if (folder / name).is_file()]
    return found[0] if found else ORIGINALS / names[1]


def read(template: Path) -> str:
    """The text of a template. Raises :class:`WrongTemplate`."""
    try:
        return template.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = template.read_bytes()[: error.start].count(b"\n") + 1
        raise WrongTemplate(template, line, _("it is not UTF-8.")) from None
    except OSError as error:
        raise WrongTemplate(template, None, error.strerror or type(error).__name__) from None


def export(folder: Path, *, replace: bool = False) -> Sequence[Path]:
    """Write the program's own templates into a folder, to be edited there; their paths.

    Raises :class:`TemplatesExist` without ``replace``, and :class:`NotExported`.
    """
    originals = sorted(each for each in ORIGINALS.iterdir() if each.suffix in _SUFFIXES.values())
    taken = [each.name for each in originals if (folder / each.name).exists()]
    if taken and not replace:
        raise TemplatesExist(folder=str(folder), names=", ".join(taken))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for original in originals:
            files.write_private(folder / original.name, original.read_bytes(), replace=True)
    except OSError as error:
        raise NotExported(folder=str(folder), reason=error.strerror or type(error).__name__) from None
    return [folder / each.name for each in originals]
