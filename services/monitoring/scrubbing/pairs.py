"""``password=…``, ``"token": "…"`` and ``--api-key …`` inside a text: names of fields and their values."""

import re
from typing import Final

from services.monitoring.scrubbing.cards import holds_card_number
from services.monitoring.scrubbing.marks import CARD, REDACTED
from services.monitoring.scrubbing.names import (
    CONTRACT_TERMS,
    FURTHER_TERMS,
    is_card_name,
    is_sensitive_name,
)
from services.monitoring.scrubbing.replacing import digits_of

_NAME_BEFORE: Final = 40
_NAME_CHARACTERS: Final = frozenset("_-")

_TERM = "|".join(
    sorted((term.replace("_", r"[\s_-]?") for term in CONTRACT_TERMS + FURTHER_TERMS), key=len, reverse=True)
)
# The end of the name, a separator, and where the value begins.
_PAIR = re.compile(
    rf"(?i)(?P<term>{_TERM})(?P<tail>[\w-]{{0,40}})"
    r"(?P<separator>[\"'\])]{0,3}\s{0,3}(?:=>|:=|==|=|:)\s{0,3}|(?<=\w)>(?=[^\s<>])|(?<=\w)\s{1,2}(?=[^\s-]))"
)
_QUOTED = re.compile(
    r"[bBrRuUfF]{0,2}(\"\"\"|'''|\"|')(?P<content>(?:[^\\\"']|\\.|(?!\1)[\"'])*)(\1|\Z)", re.DOTALL
)
_TO_THE_END = re.compile(r"[^\r\n]*")
_WORD = re.compile(r"\S+")
_WORD_ENDS = re.compile(
    r"&(?:\w+=|$)|;(?=\w+=|$)|,(?=[\"']?\w+[\"']?[=:]|$)|[\"'`)\]},;>]+$|</\w|[\"'](?=[,}\])])"
)
_NEXT_PAIR = re.compile(r"[,;]?\s+[\"']?[\w.-]{1,40}[\"']?\s?[=:]|;\s|,\s")
_CONTAINER = re.compile(r"[\[{(][^\[\]{}()\r\n]{0,2000}[\]})]")

# Values that say nothing: placeholders of statements, names of types, words for nothing.
_SAYS_NOTHING = re.compile(
    r"(?i)(?:\?|%s|%\(\w+\)[sd]|:\w+|\$\d+|\{\w*\}|null|none|nil|true|false|default|str|string|int|integer|bool|bytes|"
    r"float|object|any|varchar.*|text|\.\.\.|…|\[redacted\]\S*|x{3,4}[-.x\d]*|<\w+>|\*+)"
)
_SQL = re.compile(r"\s*(?i:select|insert|update|delete|with|create|alter|drop|pragma|begin|explain)\b")
_SQL_COLUMN = re.compile(r"[\"`]?[A-Za-z_][\w.\"`]*")
_HEADERS = re.compile(r"(?i)authorization|cookie|x-.*(?:key|token)")
_PHRASES = re.compile(r"(?i)passw|pwd|secret|passphrase|mot.?de.?passe|mdp")  # may hold spaces
_ERROR = re.compile(r"(?:Error|Exception|Warning|Required|Expired|Invalid|Failed|Refused)$")


def mask_pairs(text: str) -> str:
    """The text without the values of sensitive names."""
    parts: list[str] = []
    done = at = 0
    statement = bool(_SQL.match(text))
    while match := _PAIR.search(text, at):
        start = match.end()
        end = _value_end(match, text, statement)
        if end is None:
            at = match.start() + 1
            continue
        value = text[start:end]
        parts += (text[done:start], _masked(_name(match, text), value))
        done = at = end
    return "".join(parts) + text[done:] if parts else text


def _name(match: re.Match[str], text: str) -> str:
    start = match.start()
    while start > max(0, match.start() - _NAME_BEFORE) and (
        text[start - 1].isalnum() or text[start - 1] in _NAME_CHARACTERS
    ):
        start -= 1
    return text[start : match.start("separator")]


def _masked(name: str, value: str) -> str:
    card = is_card_name(name) and holds_card_number(value) and len(digits_of(value)) <= 19
    return _in_quotes(value, CARD if card else REDACTED)


def _in_quotes(value: str, mask: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    return f"{value[: quoted.start('content')]}{mask}{quoted[3]}" if quoted else mask


def _value_end(match: re.Match[str], text: str, statement: bool) -> int | None:
    """Where the value ends, or None where this is no pair, or its value says nothing."""
    name = _name(match, text)
    separator = match["separator"]
    if not is_sensitive_name(name) or (_ERROR.search(name) and ":" in separator):
        return None
    if separator.isspace() and not name.startswith("--"):  # the option of a command
        return None
    start = match.end()
    if quoted := _QUOTED.match(text, start):
        return None if _SAYS_NOTHING.fullmatch(quoted["content"]) or not quoted["content"] else quoted.end()
    word = _WORD.match(text, start)
    if word is None or _is_harmless(_trimmed(word[0]), statement):
        return None
    return _bare_end(name, separator, text, start, word)


def _bare_end(name: str, separator: str, text: str, start: int, word: re.Match[str]) -> int:
    if container := _CONTAINER.match(text, start):
        return container.end()
    line = _TO_THE_END.match(text, start)
    if line is not None and _HEADERS.search(name) and ":" in separator:
        return line.end()
    if line is not None and _PHRASES.search(name) and not separator.isspace():
        following = _NEXT_PAIR.search(text, word.start() + len(_trimmed(word[0])), line.end())
        if "&" not in word[0] and "<" not in word[0]:
            return max(start + len(_trimmed(word[0])), following.start() if following else line.end())
    return start + len(_trimmed(word[0]))


def _trimmed(word: str) -> str:
    end = _WORD_ENDS.search(word, 1)
    return word[: end.start()] if end else word


def _is_harmless(value: str, statement: bool) -> bool:
    return bool(_SAYS_NOTHING.fullmatch(value) or (statement and _SQL_COLUMN.fullmatch(value)))
