"""The papers of a record: shown as text, or saved to a file as HTML or PDF."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import App
from textual.binding import BindingType

from models.enums import RecordKind
from services.actor import Actor
from services.errors import CrmError, DatabaseUnavailable, NotSignedIn
from services.i18n import N_, _
from services.papers import pdf, saving
from services.papers.kinds import PaperFormat, PaperKind, kind_about
from services.papers.rendering import make_paper
from tui.protocols import the_app
from tui.runtime.stylesheets import path_beside
from tui.runtime.workers import run_in_background
from tui.screens.base.awaited_answers import AwaitedAnswers
from tui.screens.base.form import RecordForm
from tui.screens.dialogs.confirm import ConfirmScreen, MessageScreen
from tui.screens.dialogs.menu import ChoiceScreen
from tui.screens.dialogs.text_log import TextLogScreen, scroll_bindings
from tui.widgets.form.field_spec import Choice, FieldSpec, FieldValue

if TYPE_CHECKING:
    from services.crm import Crm

_TITLES: Final[Mapping[PaperKind, str]] = {
    PaperKind.RUN_SHEET: N_("Run sheet"),
    PaperKind.CONTRACT_SUMMARY: N_("Contract summary"),
}
_LABELS: Final[Mapping[PaperFormat, str]] = {
    PaperFormat.TEXT: N_("Text, shown here"),
    PaperFormat.HTML: N_("HTML file"),
    PaperFormat.PDF: N_("PDF file"),
}


@dataclass(frozen=True)
class Subject:
    """What a paper is about; ``name`` is the record's name, ``number`` its number or id in a file name."""

    kind: PaperKind
    record_id: int
    name: str
    number: str

    @property
    def title(self) -> str:
        """The paper and the record, translated."""
        return f"{_(_TITLES[self.kind])} · {self.name}"


def offer_paper(app: App[Any], kind: RecordKind, record: Any) -> None:
    """Ask in which format to make the paper of an event or a contract, and go on from there."""
    number = record.number if kind is RecordKind.CONTRACT else str(record.id)
    name = record.number if kind is RecordKind.CONTRACT else record.name
    subject = Subject(kind_about(kind), record.id, name, number)
    choices = [Choice(form.value, _(label), _note(form)) for form, label in _LABELS.items()]

    def chosen(form: str | None) -> None:
        if form is not None:
            _go_on(app, subject, PaperFormat(form))

    app.push_screen(ChoiceScreen(subject.title, choices), chosen)


def _note(form: PaperFormat) -> str:
    return _("needs one more package") if form is PaperFormat.PDF and not pdf.is_available() else ""


def _go_on(app: App[Any], subject: Subject, form: PaperFormat) -> None:
    if form is PaperFormat.TEXT:
        app.push_screen(PaperTextScreen(subject))
        return
    try:
        pdf.require() if form is PaperFormat.PDF else None
    except pdf.PdfUnavailable as error:
        app.push_screen(MessageScreen(_("No PDF yet"), error.message()))
        return

    def saved(path: Path | None) -> None:
        if path is not None:
            the_app(app).say(_("Saved as {path}.").format(path=path))

    app.push_screen(PaperForm(subject, form), saved)


class PaperTextScreen(TextLogScreen):
    """The paper as text."""

    CSS_PATH = path_beside(__file__)
    BINDING_GROUP_TITLE = N_("Paper")
    BINDINGS: ClassVar[list[BindingType]] = scroll_bindings("paper")

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject.title)
        self._subject = subject
        self._awaited = AwaitedAnswers(self)

    def private_values(self) -> list[str]:
        """The lines of the paper."""
        return [self.dialog_title, *filter(None, self.shown_text.split("\n"))]

    @property
    def holds_keys(self) -> bool:
        """While the paper is made."""
        return self._awaited.is_due

    def on_mount(self) -> None:
        """Make the paper."""
        super().on_mount()
        self._make()

    def _make(self) -> None:
        app, subject = the_app(self), self._subject
        self._awaited.run(
            lambda: make_paper(app.crm, app.actor, subject.kind, subject.record_id, PaperFormat.TEXT),
            then=lambda content: self._show(content.decode()),
            failed=self._fail,
            group="paper",
        )

    def _show(self, text: str) -> None:
        self.show_text("\n".join(line or " " for line in text.split("\n")))  # a log drops empty lines

    def _fail(self, error: CrmError) -> None:
        if isinstance(error, NotSignedIn | DatabaseUnavailable):
            the_app(self).handle(error, self._make)
        else:
            self._show(error.message())


_PATH: Final = FieldSpec("path", N_("File"), required=True, help=N_("Only you can read it; ~ is your home"))

Target = tuple[Path, bool]
"""A path, and whether a file that is there is replaced."""


class PaperForm(RecordForm[Path]):
    """Asks where to save a paper, and answers the path; a file that exists is replaced after a question."""

    def __init__(self, subject: Subject, form: PaperFormat) -> None:
        super().__init__()
        self._subject = subject
        self._format = form

    def title_text(self) -> str:
        """The paper and its format."""
        return f"{self._subject.title} · {self._format.name}"

    def fields(self) -> Sequence[FieldSpec]:
        """The path."""
        return (_PATH,)

    def start_values(self) -> Mapping[str, FieldValue]:
        """A file in the usual folder of the person."""
        return {"path": str(saving.default_path(self._subject.kind, self._subject.number, self._format))}

    def shape(self) -> None:
        """None: it is not written to the database."""

    def command(self, sent: dict[str, object]) -> Path:
        """The path. Raises :class:`Invalid`."""
        return saving.path_of(str(sent.get("path", "")), "path")

    def send(self, command: Path) -> None:
        """Look in a thread whether the file exists, and ask."""

        def found(is_taken: bool) -> None:
            self._ask(command) if is_taken else self._save(command, replace=False)

        run_in_background(
            self, lambda: os.path.isfile(command), then=found, failed=self.saving.refused, group="look"
        )  # fmt: skip

    def _ask(self, path: Path) -> None:
        def answered(replace: bool | None) -> None:
            if replace:
                self._save(path, replace=True)

        text = saving.FileTaken(path=str(path)).message()
        question = ConfirmScreen(_("Replace the file?"), text, yes=_("Replace"), no=_("Keep editing"))
        self.app.push_screen(question, answered)

    def _save(self, path: Path, *, replace: bool) -> None:
        super().send((path, replace))

    def save(self, crm: "Crm", actor: Actor, command: Target, version: int | None) -> Path:
        """Make the paper and write it; in a thread."""
        path, replace = command
        saving.require_free(path, replace=replace)
        content = make_paper(crm, actor, self._subject.kind, self._subject.record_id, self._format)
        saving.save(path, content, replace=replace)
        return path
