"""Papers through the services: rights, one transaction, templates of one's own, files."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from models.write_models import ClientUpdate, PaymentCancel, SharedSettingsUpdate
from services import clients, contracts, events, payments, shared_settings, undo
from services.crm import Crm
from services.errors import Invalid, NotFound, NotSignedIn
from services.papers import pdf, rendering, saving, template_files
from services.papers.kinds import PaperFormat, PaperKind
from services.papers.paper import write_paper
from services.papers.rendering import make_paper
from services.papers.template_files import ORIGINALS, NoTemplateFolder, TemplatesExist, WrongTemplate
from services.validation import build
from tests.services.papers.test_paper import AT, SHEET
from tests.support.accounts import People
from tests.support.databases import sqlite_only
from tests.support.records import Records, everything, moved

SHEET_OF: Final = PaperKind.RUN_SHEET
SUMMARY_OF: Final = PaperKind.CONTRACT_SUMMARY


def text_of(crm: Crm, people: People, kind: PaperKind, record_id: int) -> str:
    return make_paper(crm, people.support, kind, record_id, PaperFormat.TEXT).decode().replace("\u00a0", " ")


def test_every_department_gets_the_papers_of_what_it_may_read(
    crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract(signed=True)
    event = records.event(contract, name="Gala", notes="Two\nlines")
    records.payment(contract, "300.00")
    wrong = records.payment(contract, "111.00")
    cancel = build(PaymentCancel, {"payment_id": wrong.id, "reason": "Typed twice"})
    payments.cancel_payment(crm, people.gestion, cancel)
    before = everything(crm)
    for actor in people:
        sheet = make_paper(crm, actor, SHEET_OF, event.id, PaperFormat.TEXT).decode()
        for text in ("Run sheet · Gala", contract.number, "€300.00", "€700.00", "Two\nlines"):
            assert text in sheet
        assert "111" not in sheet
        summary = make_paper(crm, actor, SUMMARY_OF, contract.id, PaperFormat.HTML).decode()
        assert "Gala" in summary
    assert everything(crm) == before
    with pytest.raises(NotSignedIn):
        make_paper(crm, moved(people.support, "none"), SHEET_OF, event.id, PaperFormat.TEXT)


def test_a_record_in_the_trash_has_no_paper(crm: Crm, people: People, records: Records) -> None:
    contract = records.contract(signed=True)
    event = records.event(contract)
    events.trash_event(crm, people.commercial, event.id)
    assert "None yet." in text_of(crm, people, SUMMARY_OF, contract.id)
    with pytest.raises(NotFound):
        text_of(crm, people, SHEET_OF, event.id)
    contracts.trash_contract(crm, people.gestion, contract.id)
    for missing in (contract.id, 2**40, 0):
        with pytest.raises(NotFound):
            text_of(crm, people, SUMMARY_OF, missing)


def test_the_language_of_a_client_is_a_field_like_others(crm: Crm, people: People, records: Records) -> None:
    client = records.client(language="FR")
    contract = records.contract(client)
    assert (client.language, "Devis" in text_of(crm, people, SUMMARY_OF, contract.id)) == ("fr", True)
    changed = clients.update_client(
        crm, people.commercial, client.id, build(ClientUpdate, {"language": None})
    )
    assert (changed.language, "Quote" in text_of(crm, people, SUMMARY_OF, contract.id)) == ("", True)
    undo.undo_last(crm, people.commercial)
    assert clients.get_client(crm, people.support, client.id).language == "fr"
    with pytest.raises(Invalid) as refused:
        build(ClientUpdate, {"language": "klingon"})
    assert refused.value.problems[0].message() == "One of these: en, fr."


def test_gestion_names_the_agency_and_the_language_of_papers(
    crm: Crm, people: People, records: Records
) -> None:
    contract = records.contract()
    values = {
        "agency_name": "Épique", "agency_address": "1 rue Haute\n31000 Toulouse", "paper_language": "fr",
        "agency_siret": "732 829 320 00074", "agency_vat": "fr 40-303.265.045",
    }  # fmt: skip
    shared_settings.update_settings(crm, people.gestion, build(SharedSettingsUpdate, values))
    text = text_of(crm, people, SUMMARY_OF, contract.id)
    assert text.startswith("Épique\n1 rue Haute\n31000 Toulouse\n\nDevis")
    assert text.endswith("SIRET 732 829 320 00074\nTVA FR40303265045\n")
    undo.undo_last(crm, people.gestion)
    assert text_of(crm, people, SUMMARY_OF, contract.id).startswith("Quote")


# Templates of one's own


@pytest.fixture
def folder(crm: Crm, home: Path) -> Path:
    """An empty folder of templates, which the settings name."""
    found = home / "templates"
    found.mkdir()
    crm.settings = replace(crm.settings, templates=found)
    return found


@sqlite_only
def test_a_template_of_the_folder_replaces_ours_and_the_others_stay(
    crm: Crm, people: People, records: Records, folder: Path
) -> None:
    event = records.event(name="Gala {{ 7*7 }}")
    (folder / "paper.txt").write_text("\ufeffAny: {{ paper.subtitle }}", encoding="utf-8")
    (folder / "run-sheet.txt").write_text("{% include 'own.txt' %}")
    (folder / "own.txt").write_text("Own: {{ paper.subtitle }}")
    assert text_of(crm, people, SHEET_OF, event.id) == "Own: Gala {{ 7*7 }}\n"
    assert text_of(crm, people, SUMMARY_OF, event.contract) == f"Any: {event.contract_number}\n"
    assert b"<!DOCTYPE html>" in make_paper(crm, people.support, SHEET_OF, event.id, PaperFormat.HTML)


def render(template: Path) -> object:
    paper = write_paper(SHEET)
    return pdf.render(paper, template, AT) if template.suffix == ".typ" else rendering.render(paper, template)


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("paper.html", b"one\n{% for x in %}", 2, "Expected an expression"),
        ("paper.html", b"one\n\n{{ paper.titel }}", 3, "no attribute 'titel'"),
        ("paper.html", b"{{ nothing }}", 1, "'nothing' is undefined"),
        ("paper.html", b"\n{{ paper.__class__.__mro__ }}", 2, "unsafe"),
        ("paper.html", b"\n{{ 1 / 0 }}", 2, "division by zero"),
        ("paper.html", b"one\n{% include 'gone.html' %}", 2, "gone.html"),
        ("paper.html", b"one\ntwo \xe9", 2, "UTF-8"),
        ("paper.typ", b"= one\n\n#undefined", 3, "unknown variable"),
        ("paper.typ", b"#let paper = json(bytes(sys.inputs.paper))\n#paper.titel", 2, "titel"),
        ("paper.typ", b"\n#read(\"../../etc/passwd\")", 2, "escape"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_named_with_its_line_and_what_is_wrong(
    home: Path, name: str, content: bytes, line: int, reason: str
) -> None:
    template = home / name
    template.write_bytes(content)
    with pytest.raises(WrongTemplate) as wrong:
        render(template)
    message = wrong.value.message()
    assert f"{template}, line {line} " in message
    assert reason in message
    assert "{place}" in str(wrong.value)  # nothing private in the exception's own text


@sqlite_only
def test_a_folder_that_is_not_there_is_named(crm: Crm, people: People, records: Records, home: Path) -> None:
    crm.settings = replace(crm.settings, templates=home / "gone")
    with pytest.raises(NoTemplateFolder) as missing:
        text_of(crm, people, SUMMARY_OF, records.contract().id)
    assert "EPICEVENTS_TEMPLATES" in missing.value.message()


def test_the_originals_are_exported_once_and_make_the_same_papers(home: Path) -> None:
    written = template_files.export(home / "new" / "templates")
    assert sorted(path.name for path in written) == ["paper.html", "paper.txt", "paper.typ"]
    for path in written[:2]:
        paper = write_paper(SHEET)
        assert rendering.render(paper, path) == rendering.render(paper, ORIGINALS / path.name)
    with pytest.raises(TemplatesExist) as refused:
        template_files.export(home / "new" / "templates")
    assert "paper.html, paper.txt, paper.typ" in refused.value.message()
    template_files.export(home / "new" / "templates", replace=True)


@sqlite_only
def test_without_the_extra_the_command_that_installs_it_is_named(
    crm: Crm, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(pdf.PdfUnavailable) as missing:
        make_paper(crm, people.support, SHEET_OF, 1, PaperFormat.PDF)
    assert "-m pip install typst==" in missing.value.message()
    monkeypatch.setattr("sys.prefix", "/home/me/.local/share/pipx/venvs/epicevents")
    assert pdf.install_command().startswith("pipx inject epicevents typst==")


# Files


def test_a_file_is_private_and_replaced_only_on_demand(home: Path) -> None:
    path = home / "paper.txt"
    saving.save(path, b"first", replace=False)
    with pytest.raises(saving.FileTaken):
        saving.save(path, b"second", replace=False)
    assert path.read_bytes() == b"first"
    saving.save(path, b"third", replace=True)
    assert path.read_bytes() == b"third"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in home.iterdir() if each.name.startswith(".paper")] == []


def full_disk(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (lambda home: home, "it is a folder"),
        (lambda home: home / "gone" / "x.txt", "its folder does not exist"),
        (lambda home: home / "file" / "x.txt", "its folder does not exist"),
        (lambda home: home / ("x" * 300), "its name is too long"),
        (lambda _home: Path("/dev/null"), "it is no ordinary file"),
        (lambda home: home / "full.txt", "no space is left on the device"),
    ],
)
def test_a_file_that_cannot_be_written_is_named_with_the_reason(
    home: Path, monkeypatch: pytest.MonkeyPatch, path: Callable[[Path], Path], reason: str
) -> None:
    (home / "file").write_text("")
    if reason.startswith("no space"):
        monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(saving.NotSaved) as refused:
        saving.save(path(home), b"paper", replace=True)
    assert refused.value.message() == f"{path(home)} cannot be written: {reason}."
    assert sorted(each.name for each in home.iterdir()) == ["file", "runtime"]


@pytest.mark.parametrize("typed", ["", "  ", "folder/", "a\x1bb", "~nobody_of_this_name/x"])
def test_a_path_that_names_no_file_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        saving.path_of(typed, "path")
    assert refused.value.problems[0].field == "path"


def test_a_paper_is_saved_in_the_documents_or_else_at_home(home: Path) -> None:
    assert saving.default_path(SHEET_OF, "9", PaperFormat.PDF) == home / "run-sheet-9.pdf"
    (home / "Documents").mkdir()
    assert saving.default_path(SUMMARY_OF, "C2027-00007", PaperFormat.HTML).parent == home / "Documents"
