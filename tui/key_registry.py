"""Every key of the application by the id of its binding, and where keys act together."""

import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

import tui.screens
import tui.widgets

_OWN: Final = "tui.screens.crash"
"""The screen of a crash is an application of its own, with its own keys."""
_SECTIONS: Final = "tui.screens.base"
_ORDER: Final = ("app", "go", "list", "table", "record", "detail", "section", "person", "crm", "alert")


@dataclass(frozen=True)
class Command:
    """A binding with an id: its keys, its texts in English, and the title of the part that it belongs to."""

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    priority: bool


@dataclass(frozen=True)
class Place:
    """Keys that act together: for each id its keys, and the keys that have no id and cannot be changed."""

    commands: Mapping[str, frozenset[str]]
    fixed: frozenset[str]


@cache
def commands() -> Mapping[str, Command]:
    """The commands by id, those of sections first."""
    found: dict[str, Command] = {}
    for node in (_app_class(), *_node_classes()):
        group = str(getattr(node, "BINDING_GROUP_TITLE", None) or "")
        own = BindingsMap(node.__dict__.get("BINDINGS", ()))
        for binding in _each(own):
            if binding.id and (binding.description or binding.id not in found):
                _note(found, binding, group)
    return dict(sorted(found.items(), key=lambda each: _rank(each[0])))


def _note(found: dict[str, Command], binding: Binding, group: str) -> None:
    known = found.get(str(binding.id))
    if known is None or not known.label:
        found[str(binding.id)] = Command(
            str(binding.id), (binding.key,), binding.description, binding.tooltip, group, binding.priority
        )
    elif binding.key not in known.keys and binding.description == known.label:
        keys = (*known.keys, binding.key)
        found[known.id] = Command(known.id, keys, known.label, known.help, known.group, known.priority)


def _rank(binding_id: str) -> tuple[int, int]:
    family = binding_id.partition(".")[0]
    return (_ORDER.index(family) if family in _ORDER else len(_ORDER), 0)


@cache
def places() -> Sequence[Place]:
    """Each screen with the application, alone and with each part of it that takes the focus."""
    return list(_places())


def _places() -> Iterator[Place]:
    from tui.screens.base.form import RecordForm
    from tui.screens.base.section import SectionScreen

    app = list(_each(_app_class()._merged_bindings))
    nodes = _node_classes()
    parts = [node for node in nodes if not issubclass(node, Screen) and node.__dict__.get("BINDINGS")]
    for screen in (node for node in nodes if issubclass(node, Screen)):
        shared = [each for each in app if each.priority] if issubclass(screen, ModalScreen) else app
        own = [*shared, *_each(screen._merged_bindings)]
        yield _place(own)
        for part in parts:
            in_form = part.__module__.startswith("tui.widgets.form")
            if issubclass(screen, RecordForm if in_form else SectionScreen) and part.__name__ != "SearchLine":
                yield _place([*own, *_each(part._merged_bindings)])


def _place(bindings: Iterable[Binding]) -> Place:
    of_ids: dict[str, set[str]] = {}
    fixed = set()
    for binding in bindings:
        if binding.id:
            of_ids.setdefault(binding.id, set()).add(binding.key)
        else:
            fixed.add(binding.key)
    return Place({name: frozenset(keys) for name, keys in of_ids.items()}, frozenset(fixed))


def _each(bindings: BindingsMap | None) -> Iterator[Binding]:
    for of_key in (bindings or BindingsMap()).key_to_bindings.values():
        yield from of_key


def _app_class() -> type[App[Any]]:
    app: type[App[Any]] = import_module("tui.app").EpicEventsApp
    return app


@cache
def _node_classes() -> Sequence[type[DOMNode]]:
    for package in (tui.screens, tui.widgets):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    ours = [node for node in _below(DOMNode) if node.__module__.startswith(("tui.screens", "tui.widgets"))
            and not node.__module__.startswith(_OWN)]  # fmt: skip
    return sorted(ours, key=lambda node: not node.__module__.startswith(_SECTIONS))


def _below(node: type[DOMNode]) -> Iterator[type[DOMNode]]:
    seen: dict[type[DOMNode], None] = {}
    for child in node.__subclasses__():
        seen[child] = None
        seen.update(dict.fromkeys(_below(child)))
    yield from seen
