"""Text of users is text in every format: neither markup nor a template, and no control character."""

from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfReader

from models.text import clean_typed, has_unsafe
from services.papers import pdf
from services.papers.paper import Paper, write_paper
from services.papers.rendering import render
from services.papers.template_files import ORIGINALS
from tests.services.papers.test_paper import AT, CLIENT, EVENT, SETTINGS, SHEET, SUMMARY
from tests.support.hostile_text import PAYLOADS

MARKUP: Final = [
    "[/bold]", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt; &amp;",
    "#eval(\"1+1\")", "{{ 7*7 }}{% for x in y %}{# c #}", "*b* _i_ $x^2$ @ref <label> = head // c `raw`",
    "</title><style>*{display:none}</style>", "#panic(\"x\") \\u{1F600} \\", "É" * 300,
]  # fmt: skip
hostile = st.one_of(
    st.sampled_from([*MARKUP, *PAYLOADS.values()]).map(lambda text: text[:400]), st.text(max_size=60)
)


class Reader(HTMLParser):
    """The tags of a page and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def paper_with(name: str, notes: str) -> Paper:
    client = replace(CLIENT, full_name=name or "x", company=name)
    return write_paper(replace(
        SHEET, client=client, event=replace(EVENT, name=name, location=name, notes=notes),
        settings=replace(SETTINGS, agency_name=name, agency_address=notes),
    ))  # fmt: skip


@cache
def tags_of_plain() -> set[str]:
    return set(Reader(render(paper_with("x", "y"), ORIGINALS / "paper.html")).tags)


@example(name=MARKUP[1], notes=MARKUP[2])
@example(name=MARKUP[5], notes=MARKUP[7])
@given(name=hostile, notes=hostile)
def test_html_shows_every_text_as_it_is_and_has_no_tag_of_a_user(name: str, notes: str) -> None:
    page = Reader(render(paper_with(name, notes), ORIGINALS / "paper.html"))
    assert set(page.tags) <= tags_of_plain()
    shown = "".join(page.texts)
    assert clean_typed(name).strip() in shown
    assert not has_unsafe(shown, multiline=True)


@example(name=MARKUP[0], notes=MARKUP[5])
@given(name=hostile, notes=hostile)
def test_text_shows_every_text_as_it_is_without_control_characters(name: str, notes: str) -> None:
    text = render(paper_with(name, notes), ORIGINALS / "paper.txt")
    assert not has_unsafe(text, multiline=True)
    assert "".join(clean_typed(name).split()) in "".join(text.split())


def as_pdf(name: str, notes: str) -> PdfReader:
    return PdfReader(BytesIO(pdf.render(paper_with(name, notes), ORIGINALS / "paper.typ", AT)))


def words_of(file: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in file.pages).split())


def test_a_pdf_shows_markup_as_it_is() -> None:
    notes = "\n".join(MARKUP[:-1])
    words = words_of(as_pdf("Größmann & Œuvre Łukasz Привет Νίκος", notes))
    for text in ("Größmann&ŒuvreŁukaszПриветΝίκος", *(line.replace(" ", "") for line in MARKUP[:-1])):
        assert text in words


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_no_text_breaks_a_pdf(text: str) -> None:
    file = as_pdf(text[:300], text[:3000])
    assert file.metadata is not None
    assert len(file.pages) >= 1


def test_a_pdf_of_a_summary_has_its_table_and_its_language() -> None:
    content = pdf.render(write_paper(SUMMARY), ORIGINALS / "paper.typ", AT)
    file = PdfReader(BytesIO(content))
    words = words_of(file)
    for text in ("MariagedeZoé", "30/10/202718:30CEST", "3749,50€", "SIRET73282932000074", "1/1"):
        assert text in words
    assert str(file.root_object["/Lang"]) == "fr"
    assert file.metadata is not None
    assert file.metadata.title == "Contrat C2027-00007"


def test_a_long_word_is_broken_within_the_page_of_a_pdf() -> None:
    text = "\n".join(page.extract_text() for page in as_pdf("x" * 200, "x" * 200).pages)
    lines = [line.replace("\u200b", "") for line in text.splitlines()]
    assert max(line.count("x") for line in lines) <= 110
