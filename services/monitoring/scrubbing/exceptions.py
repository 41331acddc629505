"""Masks quoted values in exception texts: keys, values of rows, parts of typed text."""

import re
from collections.abc import Callable
from typing import Final

from services.monitoring.scrubbing.placeholders import REDACTED

# Exceptions that quote names of code, which are kept since they help to find the error.
_CODE_KINDS: Final = frozenset({
    "AttributeError", "NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "TypeError",
    "NotImplementedError", "RecursionError", "IndentationError", "TabError", "FrozenInstanceError",
    # Textual and SQLAlchemy, which quote selectors, widgets, classes and columns of the program
    "NoMatches", "WrongType", "TooManyMatches", "InvalidQueryFormat", "BadIdentifier", "DuplicateIds",
    "MountError", "ScreenStackError", "ActiveModeError", "InvalidModeError", "UnknownModeError",
    "StylesheetParseError", "UnresolvedVariableError", "ReactiveError", "TooManyComputesError", "NoScreen",
    "InvalidRequestError", "ArgumentError", "UnmappedInstanceError", "UnmappedClassError",
    "NoForeignKeysError", "NoSuchTableError", "UnreflectableTableError", "DetachedInstanceError",
    "ObjectDeletedError",
})  # fmt: skip

_DETAIL = re.compile(
    r"(?im)^(\s*(?:DETAIL|DÉTAIL|CONTEXT|CONTEXTE|HINT|LINE \d+|LIGNE \d+)\s{0,2}:).*(?:\n\s*\^)?$"
)
_KEY = re.compile(
    r"(?i)\b(Key|La clé|clé) ?(?:« ?)?\([^)\n]{1,200}\)=\(.*?\)"
    r"(?= (?:already|is|does|existe|n'est)|[.\n»]|$)"
)
_PARAMETERS = re.compile(
    r"\[(parameters|generated in|cached since|raw sql|paramètres): ?.*?(?:\](?=\s*(?:\n|\(Background|$))|\Z)",
    re.DOTALL,
)
_INPUT = re.compile(r"\b(input_value=).*?(?=, input_type=|\]\s|$)", re.DOTALL)
_ROW = re.compile(r"(?i)(failing row contains |la ligne en échec contient )\(.*")

# No letter precedes an opening quote or follows a closing one, unlike the apostrophe in "d'un".
_OPENING = re.compile(r"(?<!\w)[\"'`“‘«„]|(?<=\b[bBrRuU])[\"']")
_CLOSING: Final = {
    "'": re.compile(r"'(?!\w)"),
    '"': re.compile(r'"(?!\w)'),
    "`": re.compile(r"`(?!\w)"),
    "“": re.compile('[”"]'),
    "„": re.compile('[“”"]'),
    "‘": re.compile(r"’(?!\w)"),
    "«": re.compile("»"),
}
_IDENTIFIER = re.compile(r"\s?[A-Za-z_][\w.]{0,62}\s?")
_NAMES_A_PART = re.compile(
    r"(?i)(?:constraint|contrainte(?: \w+)?|relation|table|column|colonne|index|schema|sequence|function"
    r"|fonction|type|enum|extension) $"
)


def without_quotes(
    kind: str, text: str, *, is_cut: bool = False, is_ours: Callable[[str], bool] = lambda name: False
) -> str:
    """The text without the values that an exception of this class quotes.

    ``is_cut`` means that the end of the text is missing. ``is_ours`` recognises the program's own names,
    which are kept.
    """
    text = _INPUT.sub(rf"\1{REDACTED}", _PARAMETERS.sub(rf"[\1: {REDACTED}]", text))
    text = _ROW.sub(rf"\1{REDACTED}", _KEY.sub(rf"\1 {REDACTED}", _DETAIL.sub(rf"\1 {REDACTED}", text)))
    return text if kind.rpartition(".")[2] in _CODE_KINDS else _without_literals(text, is_cut, is_ours)


def _without_literals(text: str, is_cut: bool, is_ours: Callable[[str], bool]) -> str:
    parts: list[str] = []
    done = at = 0
    never_closed: set[str] = set()
    while opening := _OPENING.search(text, at):
        at = opening.end()
        if opening[0] in never_closed:
            continue
        end = _closing(text, opening)
        if end is None and not is_cut:
            never_closed.add(opening[0])
            continue
        quoted = text[opening.end() : (end or 1) - 1]
        known = _IDENTIFIER.fullmatch(quoted) is not None and is_ours(quoted.strip())
        if end is not None and (known or _names_a_part(text, opening.start(), end)):
            at = end
            continue
        if end == opening.end() + 1:  # empty quotes
            continue
        parts += (text[done : opening.start()], REDACTED)
        done = at = len(text) if end is None else end
    return "".join(parts) + text[done:]


def _closing(text: str, opening: re.Match[str]) -> int | None:
    at = opening.end()
    while closing := _CLOSING[opening[0]].search(text, at):
        if not _escaped(text, closing.start()):
            return closing.end()
        at = closing.end()
    return None


def _escaped(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] == "\\" and (at < 2 or text[at - 2] != "\\")


def _names_a_part(text: str, start: int, end: int) -> bool:
    """Whether the quotes hold the name of a constraint, table or column, as in PostgreSQL's messages."""
    before = text[max(0, start - 24) : start]
    return bool(_NAMES_A_PART.search(before) and _IDENTIFIER.fullmatch(text[start + 1 : end - 1]))
