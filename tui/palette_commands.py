"""The commands of the palette: the keys of the screen, the filters of every list, and new records."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from rich.cells import cell_len
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from models.enums import Department
from models.search_words import search_terms, words_of
from models.text import fold
from services.errors import Invalid
from services.i18n import _, in_every_language
from services.labels import DEPARTMENTS, kind_label
from services.lists.query import Preset, presets_of
from tui import palette_words
from tui.key_labels import Key, keys_of
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.base.section_spec import KeyRule
from tui.sections import SECTIONS, Section
from tui.widgets.text_cells import drawable

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm

LABEL_WIDTH = 44
_SOON = 0.1
"""Seconds that the commands wait for the saved views."""
# Commands of which one types the beginning of a word come before the records, those of looser likeness after;
# a word of the label shown comes before an everyday word.
_SHOWN, _CLOSE, RECORD = 2_000_000.0, 1_000_000.0, 500_000.0
# Among those alike, keys come before filters, and what is possible before what is refused.
_KEY, _REFUSED = 1_000.0, 10_000.0
# Keys that move the cursor would hide the commands that one looks for.
_MOVES = frozenset({"down", "up", "page_down", "page_up", "first", "last", "next", "previous", "palette"})


Views = Sequence[tuple[str, Preset, str | None]]


@dataclass(frozen=True)
class Entry:
    """A command: its label, the other words that find it, its key, why it is refused, and what it does."""

    label: str
    others: str
    shown: str
    refusal: str | None
    run: Callable[[], object]
    is_key: bool = False


@runtime_checkable
class SearchesAgain(Protocol):
    """The palette, which searches for the typed text once more when there is more to find."""

    def search_again(self) -> None:
        """Search for the same text."""
        ...


class PaletteCommands(Provider):
    """The keys of the screen beneath, and from a section new records and the filters of every list.

    They are found by the beginnings of their words, without case or accents. One provider has them all, since
    Textual asks several at once and mixes their answers as they come.
    """

    views: "Views" = ()
    """The saved views: the list of each, the view as a filter, and why it cannot be used."""
    _answered: asyncio.Event | None = None
    _is_late = False
    """Whether the commands were shown without the views."""

    def entries(self) -> Iterator[Entry]:
        """The keys in the order of the footer, then the others in that of the sections."""
        keys = {key.active.binding.id: key for key in keys_of(self.screen)}
        yield from self._keys(keys.values())
        if not the_app(self.app).navigator.is_section(self.screen):
            return  # a form would be left
        for section in SECTIONS:
            yield from self._new(section, keys)
        for section in SECTIONS:
            yield from self._presets(section, keys)
        yield from self._saved_views(keys)

    async def startup(self) -> None:
        """Begin to read the saved views, once, in a thread.

        This returns at once: a search that the next key cancels would cancel it too, and with it the palette.
        """
        answered = self._answered = asyncio.Event()
        app = the_app(self.app)
        if not app.navigator.is_section(self.screen):
            answered.set()
            return

        def take(views: Views) -> None:
            self.views = views
            answered.set()
            if self._is_late and views and isinstance(self.app.screen, SearchesAgain):
                self.app.screen.search_again()

        run_in_background(
            self.screen,
            lambda: _readable_views(app.crm, app.actor),
            then=take,
            failed=lambda _error: answered.set(),
            group="palette views",
            exclusive=False,
        )

    async def _wait_for_views(self) -> None:
        """Wait a moment for the views, so that all commands are drawn at once, and no longer."""
        if self._answered is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), _SOON)
        self._is_late = not self._answered.is_set()

    def _saved_views(self, keys: dict[str | None, Key]) -> Iterator[Entry]:
        app = the_app(self.app)
        for listed, preset, problem in self.views:
            section = next((each for each in SECTIONS if each.views == listed), None)
            if section is None:
                continue
            text = _("{section}: {filter}").format(section=_(section.label), filter=drawable(preset.label))
            refusal = section.refusal(app.viewer.department) or problem
            run = partial(app.navigator.go, section.name, preset)
            others = [*in_every_language(section.label), palette_words.VIEW]
            shown = _keys(keys, f"go.{section.name}", "list.filter")
            yield self._entry(text, " ".join(others), shown, refusal, run)

    async def discover(self) -> Hits:
        """The keys, and what else is possible, before anything is typed."""
        await self._wait_for_views()
        for entry in self.entries():
            if entry.is_key or entry.refusal is None:
                yield DiscoveryHit(_line(entry, Content(entry.label)), entry.run, text=entry.label)

    async def search(self, query: str) -> Hits:
        """The commands with words that begin as the typed ones; behind them, the keys that are alike."""
        await self._wait_for_views()
        matcher, terms = self.matcher(fold(query)), _terms(query)
        for entry in self.entries():
            bare = _letter_by_letter(entry.label)
            score = _closeness(terms, entry)
            # Of labels with many words nearly all would be alike.
            score += matcher.match(bare) if score or entry.is_key else 0
            if score > 0:
                line = _line(entry, _marked(entry.label, bare, matcher))
                yield Hit(score, line, entry.run, text=entry.label)

    def _keys(self, keys: Iterable[Key]) -> Iterator[Entry]:
        for key in keys:
            if key.step not in _MOVES:
                binding = key.active.binding
                others = in_every_language(binding.description)
                others += [palette_words.OF_BINDINGS.get(binding.id or "", "")]
                run = partial(self.app.run_action, binding.action, key.active.node)
                yield Entry(key.label, " ".join(others), key.shown, key.refusal, run, is_key=True)

    def _new(self, section: Section, keys: dict[str | None, Key]) -> Iterator[Entry]:
        rule: KeyRule | None = getattr(_screen_class(section), "RULES", {}).get("new")
        if section.kind is None or rule is None:
            return
        app, label = the_app(self.app), palette_words.NEW.get(section.kind)
        text = _(label) if label else _("New: {kind}").format(kind=kind_label(section.kind))
        others = [*in_every_language(label or ""), palette_words.OF_BINDINGS["record.new"],
                  palette_words.NEW_WORDS.get(section.kind, "")]  # fmt: skip
        department = app.viewer.department
        refusal = section.refusal(department) or rule.refusal(department, owns=True)
        run = partial(app.navigator.create, section.name)
        shown = _keys(keys, f"go.{section.name}", "record.new")
        yield self._entry(text, " ".join(others), shown, refusal, run)

    def _presets(self, section: Section, keys: dict[str | None, Key]) -> Iterator[Entry]:
        app = the_app(self.app)
        for preset in presets_of(section.kind) if section.kind is not None else ():
            everyday = palette_words.OF_PRESETS.get(f"{section.kind}.{preset.key}", "")
            others = [*in_every_language(preset.label), *in_every_language(section.label), everyday]
            others += [palette_words.TRASH] if preset.key == "trash" else []
            text = _("{section}: {filter}").format(section=_(section.label), filter=_(preset.label))
            department = app.viewer.department
            refusal = section.refusal(department) or _of_others(preset, department)
            run = partial(app.navigator.go, section.name, preset)
            shown = _keys(keys, f"go.{section.name}", "list.filter")
            yield self._entry(text, " ".join(others), shown, refusal, run)

    def _entry(
        self, label: str, others: str, shown: str, refusal: str | None, run: Callable[[], object]
    ) -> Entry:
        return Entry(
            label,
            others,
            shown,
            refusal,
            run if refusal is None else partial(the_app(self.app).refuse, refusal),
        )


def _readable_views(crm: "Crm", actor: "Actor") -> Views:
    """The views with their lists, and why one cannot be used."""
    from services import saved_views

    found: list[tuple[str, Preset, str | None]] = []
    for view in saved_views.list_views(crm, actor, everywhere=True):
        try:
            found.append((view.listed, saved_views.open_view(crm, actor, view), None))
        except Invalid as damaged:
            problem = " ".join(each.message() for each in damaged.problems)
            found.append((view.listed, Preset("", view.name, frozenset()), problem))
    return found


def _of_others(preset: Preset, department: Department) -> str | None:
    if department in preset.departments:
        return None
    names = [_(DEPARTMENTS[each]) for each in Department if each in preset.departments]
    return _("This filter is for {departments}.").format(departments=", ".join(names))


def _keys(keys: dict[str | None, Key], *ids: str) -> str:
    """The keys that do this, one after the other."""
    return " ".join(keys[each].first for each in ids if each in keys)


@cache
def _screen_class(section: Section) -> Any:
    return getattr(import_module(section.module), section.screen)


def _terms(typed: str) -> Sequence[tuple[str, ...]]:
    terms = search_terms(typed)
    return [term for term in terms if term[0] not in palette_words.LITTLE] or terms


def _closeness(terms: Sequence[tuple[str, ...]], entry: Entry) -> float:
    if not terms:
        return 0
    if _begins(terms, entry.label):
        score = _SHOWN
    elif _begins(terms, f"{entry.label} {entry.others}"):
        score = _CLOSE
    else:
        return 0
    return score + (_KEY if entry.is_key else 0) - (_REFUSED if entry.refusal else 0)


def _begins(terms: Sequence[tuple[str, ...]], text: str) -> bool:
    words = words_of(text)
    return all(any(word.startswith(term) for word in words) for term in terms)


def _letter_by_letter(text: str) -> str:
    """The text without case or accents, and as long as it is. Textual would read a bracket as markup."""
    return "".join((fold(letter) or letter)[:1] for letter in text.replace("[", "("))


def _marked(label: str, bare: str, matcher: Matcher) -> Content:
    return Content(label, spans=list(matcher.highlight(bare).spans) if matcher.match(bare) > 0 else None)


def _line(entry: Entry, label: Content) -> Content:
    gap = " " * max(2, LABEL_WIDTH - cell_len(entry.label))
    if entry.refusal is None:
        return Content.assemble(label, gap, (entry.shown, "$key-foreground bold"))
    return Content.assemble(label, gap, (entry.shown, "dim"), "\n", (entry.refusal, "dim italic"))
