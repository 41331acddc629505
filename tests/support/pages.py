"""The pages of the documentation, and their parts that tests compare with the program."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.support.isolation import ROOT

PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "benchmarks" / "README.md",
]
_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)


def name_of(page: Path) -> str:
    """The path of a page from the root, as the id of a test."""
    return str(page.relative_to(ROOT))


def text_of(page: str) -> str:
    """The text of a page, by its path from the root."""
    return (ROOT / page).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """The text below this second-level heading of a page."""
    return text_of(page).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in a text, without headers."""
    tables = re.findall(r"^\|.+\|\n\|[-| ]+\|\n((?:^\|.+\|\n?)*)", text, re.MULTILINE)
    return [
        [cell.strip() for cell in line[1:-1].split(" | ")] for table in tables for line in table.splitlines()
    ]


def code_of(page: Path) -> Iterator[str]:
    """The lines of the code blocks and the code spans of a page."""
    text = page.read_text(encoding="utf-8")
    for block in _BLOCK.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    for _, span in _SPAN.findall(_BLOCK.sub("", text)):
        yield " ".join(span.split())


def commands_of(page: Path) -> Iterator[list[str]]:
    """The arguments of ``epicevents`` in each command line of a page."""
    for line in code_of(page):
        line = re.sub(r"^\$ ", "", line)
        for piece in line.split(" | "):
            command = re.fullmatch(
                r"(?:[A-Z_]+=\S* )*(?:\S*/)?epicevents( .+)?", piece.split("  #")[0].strip()
            )
            if command:
                yield shlex.split((command[1] or "").split(" && ")[0])
