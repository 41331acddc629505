"""Makes a paper: reads its records, puts them into words, and fills a template.

Templates of text and HTML are Jinja's, run in its sandbox; in HTML every value is escaped. A name that a
template misspells is an error, never an empty place.
"""

import traceback
from pathlib import Path
from typing import Any, Final

from services.actor import Actor
from services.crm import Crm
from services.papers import template_files
from services.papers.kinds import PaperFormat, PaperKind
from services.papers.paper import Paper, write_paper
from services.papers.records import read_records
from services.papers.template_files import WrongTemplate
from services.papers.text_layout import FILTERS

_LONGEST_REASON: Final = 300


def make_paper(crm: Crm, actor: Actor, kind: PaperKind, record_id: int, form: PaperFormat) -> bytes:
    """The file of a paper about an event or a contract: a PDF, or text in UTF-8.

    Call it in a thread: a PDF takes a tenth of a second. Raises :class:`NotFound`, :class:`Forbidden`,
    :class:`WrongTemplate`, :class:`NoTemplateFolder` and :class:`PdfUnavailable`.
    """
    if form is PaperFormat.PDF:
        from services.papers import pdf

        pdf.require()  # before anything is read
    template = template_files.find(crm.settings.templates, kind, form)
    records = read_records(crm, actor, kind, record_id)
    paper = write_paper(records)
    if form is PaperFormat.PDF:
        return pdf.render(paper, template, records.now)
    return render(paper, template).encode()


def render(paper: Paper, template: Path) -> str:
    """The paper by a template of text or HTML. Raises :class:`WrongTemplate`."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    template_files.read(template)  # so that a file that is no text is refused with its line
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([template.parent, template_files.ORIGINALS], encoding="utf-8-sig"),
        autoescape=template.suffix == ".html",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        extensions=(),
    )
    environment.filters.update(FILTERS)
    try:
        text: str = environment.get_template(template.name).render(paper=paper)
    except Exception as error:  # a template may do anything that an expression can
        raise _wrong(template, error) from None
    return _tidy(text) if template.suffix == ".txt" else text


def _tidy(text: str) -> str:
    """A text without spaces at the ends of lines, with at most one empty line between two."""
    kept: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip(" ")
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"


def _wrong(template: Path, error: Exception) -> WrongTemplate:
    """The error with the file and the line: those of its syntax, else the last place within a template."""
    line: Any = getattr(error, "lineno", None)
    file = getattr(error, "filename", None)
    if line is None:
        folders = {str(template.parent), str(template_files.ORIGINALS)}
        frames = traceback.extract_tb(error.__traceback__)
        ours = [each for each in frames if str(Path(each.filename).parent) in folders]
        line, file = (ours[-1].lineno, ours[-1].filename) if ours else (None, None)
    reason = str(error).partition("\n")[0][:_LONGEST_REASON] or type(error).__name__
    return WrongTemplate(file or template, line, reason)
