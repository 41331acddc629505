"""The kinds of paper, and the formats of their files. This loads neither the ORM nor a template engine."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from models.enums import RecordKind


class PaperKind(StrEnum):
    """A kind of paper; its value names templates, files and commands."""

    RUN_SHEET = "run-sheet"
    CONTRACT_SUMMARY = "contract-summary"

    @property
    def about(self) -> RecordKind:
        """The kind of record that the paper is about."""
        return RecordKind.EVENT if self is PaperKind.RUN_SHEET else RecordKind.CONTRACT


class PaperFormat(StrEnum):
    """A format; its value is that of the option ``--format``."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"

    @property
    def suffix(self) -> str:
        """The suffix of its files."""
        return _SUFFIXES[self]


_SUFFIXES: Final[Mapping[PaperFormat, str]] = {
    PaperFormat.TEXT: ".txt",
    PaperFormat.HTML: ".html",
    PaperFormat.PDF: ".pdf",
}


def kind_about(kind: RecordKind) -> PaperKind:
    """The paper about a kind of record, an event or a contract. Raises ``LookupError`` for another."""
    for paper in PaperKind:
        if paper.about is kind:
            return paper
    message = f"no paper is about the kind {kind}"
    raise LookupError(message)
