"""Masks the values of sensitive names in a text: ``password=…``, ``"token": "…"``, ``--api-key …``."""

import re
from typing import Final

from services.monitoring.scrubbing.cards import holds_card_number
from services.monitoring.scrubbing.pattern_replace import digits_of
from services.monitoring.scrubbing.placeholders import CARD, REDACTED
from services.monitoring.scrubbing.sensitive_keys import (
    CONTRACT_TERMS,
    FURTHER_TERMS,
    is_card_name,
    is_sensitive_name,
)

# Parts of the sensitive terms in lower case; a text without any of them is skipped.
_HINTS: Final = (
    "pass", "pwd", "passe", "secret", "token", "key", "auth", "cookie", "csrf", "session", "card", "carte",
    "cvv", "cvc", "ssn", "social", "mdp", "credential", "bearer", "jwt", "dsn",
)  # fmt: skip
_NAME_BEFORE: Final = 40
_TERM = "|".join(
    sorted((term.replace("_", r"[\s_-]?") for term in CONTRACT_TERMS + FURTHER_TERMS), key=len, reverse=True)
)
# The end of the name and the separator; the value begins after the match.
_PAIR = re.compile(
    rf"(?i)(?:{_TERM})[\w-]{{0,40}}"
    r"(?P<separator>[\\\"'\[\])]{0,6}\s{0,3}(?:=>|:=|==|=|:)\s{0,3}@?"
    r"|\s{1,3}(?:is|was|est|était)\s{1,3}(?=[\w-]{0,40}[\d!$%&*+/<=>?@^~#])"  # no plain word: "is required"
    r"|(?<=\w)>(?=[^\s<>])|(?<=\w)\s{1,2}(?=[^\s-])|(?=[\"']))"
)
_QUOTED = re.compile(
    r"[bBrRuUfF]{0,2}(?:"
    r"(?P<escaped>\\+[\"'])(?P<inner>(?:(?!(?P=escaped)).)*)(?P<inner_end>(?P=escaped)|\Z)"
    r"|(?P<quote>\"\"\"|'''|\"|')(?P<content>(?:\\.|(?!(?P=quote)).)*)(?P<end>(?P=quote)|\Z))",
    re.DOTALL,
)
_TO_THE_END = re.compile(r"[^\r\n]*")
_WORD = re.compile(r"\S+")
_WORD_ENDS = re.compile(
    r"&(?:\w+=|$)|;(?=\w+=|$)|,(?=[\"']?\w+[\"']?[=:]|$)|[\"'`)\]},;>]+$|</\w|[\"'](?=[,}\])])"
)
_NEXT_PAIR = re.compile(r"[,;]?\s+[\"']?[\w.-]{1,40}[\"']?\s?[=:]|;\s|,\s")
_CONTAINER = re.compile(r"[\[{(][^\[\]{}()\r\n]{0,2000}[\]})](?=[\s,;.)\]}]|\Z)")
_SHORTEST_BARE_QUOTE: Final = 8
_A_KEY = re.compile(r"(?=[\w+/-]*[A-Za-z])(?=[\w+/-]*\d)[\w+/-]{24,}={0,2}")
"""A long mix of letters and digits, which is masked after a sensitive name even without a separator."""

# Values that reveal nothing: placeholders of statements, names of types, words for null.
_SAYS_NOTHING = re.compile(
    r"(?i)(?:\?|%s|%\(\w+\)[sd]|:\w+|\$\d+)(?:::\w+)?|\$?\{\w*\}?|null|none|nil|true|false|default|str|string|int"
    r"|integer|bool|bytes|float|object|any|varchar.*|text|\.\.\.|…|\[redacted\]\S*|x{3,4}[-.x\d]*|<\w+>|\*+"
)
_SQL = re.compile(r"\s*(?i:select|insert|update|delete|with|create|alter|drop|pragma|begin|explain)\b")
_SQL_COLUMN = re.compile(r"[\"`]?[A-Za-z_][\w.\"`]*")
_HEADERS = re.compile(r"(?i)authorization|cookie|x-.*(?:key|token)")
_PHRASES = re.compile(r"(?i)passw|pwd|secret|passphrase|mot.?de.?passe|mdp")  # may hold spaces
_SCHEME = re.compile(r"(?i)(?:bearer|basic|digest|token|api-?token|negotiate)\s{1,3}[^\s\"',;]+")
_ERROR = re.compile(r"(?:Error|Exception|Warning|Required|Expired|Invalid|Failed|Refused)$")


# "Password" in other common languages of Europe.
_ELSEWHERE: Final = (
    r"passwort|kennwort|contrase[nñ]a|clave(?: de acceso| secreta)?|senha|palavra[- ]passe|has[lł]o"
    r"|wachtwoord|парол[ьяіюу]|heslo|jelsz[oó]|l[oö]senord|parol[aăe](?: d['’]ordine)?|κωδικ[oόο]ς?|[sş]ifre"
    r"|phrase secr[eè]te|secret phrase"
)
_IN_WORDS = re.compile(
    rf"(?i)((?<![^\W_])(?:{_ELSEWHERE})(?:[\"']?\s{{0,3}}(?:=>|:=|[:=])\s{{0,3}}"
    r"|\s(?:ist|es|est|is|è|é|jest|är)\s(?=\S*[\d!$%&*+/<=>?@^~#])))"
    r"(?P<value>\"[^\"\r\n]+\"|'[^'\r\n]+'|[^\s,;&][^\r\n,;&]*)"
)
_ELSEWHERE_HINTS: Final = (
    "wort", "ontrase", "clave", "senha", "palavra", "has", "wacht", "парол", "heslo", "jelsz", "senord",
    "parol", "κωδ", "ifre", "phrase", " -",
)  # fmt: skip
_ANY_HINT = re.compile("|".join(map(re.escape, (*_HINTS, *_ELSEWHERE_HINTS))))
# Options that take a password: those of known programs, and ``-p`` joined to a value with special signs.
_OPTION = re.compile(
    r"(?P<before>\b(?i:mysql|mariadb)[\w-]*\b[^\r\n|;&]{0,200}?\s-p(?=\S)|\bsshpass\s+-p\s*"
    r"|\bredis-cli\b[^\r\n|;&]{0,200}?\s-a\s+|\s-U\s*[^\s%]{1,64}%"
    r"|(?<!\S)-p(?![/.\d])(?=[^\s=]{4,})(?=\S*[A-Z!$%&*+<>?@^~#]))(?P<value>\S+)"
)


def may_hold_pairs(lower: str) -> bool:
    """Whether a text, given in lower case, may hold a sensitive name."""
    return _ANY_HINT.search(lower) is not None


def mask_pairs(text: str) -> str:
    """The text without the values of sensitive names in all supported languages."""
    text = _IN_WORDS.sub(_mask_in_words, text)
    return _mask_named(_OPTION.sub(rf"\g<before>{REDACTED}", text) if " -" in text else text)


def _mask_in_words(match: re.Match[str]) -> str:
    value = match["value"]
    says_nothing = _SAYS_NOTHING.fullmatch(value.strip("\"'"))
    return match[0] if says_nothing else match[1] + _in_quotes(value, REDACTED)


def _mask_named(text: str) -> str:
    parts: list[str] = []
    done = at = 0
    is_statement = bool(_SQL.match(text))
    while match := _PAIR.search(text, at):
        end = _value_end(match, text, is_statement)
        if end is None:
            at = match.start() + 1
            continue
        parts += (text[done : match.end()], _mask_value(_name(match, text), text[match.end() : end]))
        done = at = end
    return "".join(parts) + text[done:] if parts else text


def _name(match: re.Match[str], text: str) -> str:
    start = match.start()
    first = max(0, start - _NAME_BEFORE)
    while start > first and (text[start - 1].isalnum() or text[start - 1] in "_-"):
        start -= 1
    return text[start : match.start("separator")]


def _mask_value(name: str, value: str) -> str:
    card = is_card_name(name) and holds_card_number(value) and len(digits_of(value)) <= 19
    return _in_quotes(value, CARD if card else REDACTED)


def _in_quotes(value: str, mask: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    if quoted is None:
        return mask
    start, end = quoted.span("inner" if quoted["escaped"] else "content")
    return value[:start] + mask + value[end:]


def _content(quoted: re.Match[str]) -> str:
    return str(quoted["inner"] if quoted["escaped"] else quoted["content"])


def _value_end(match: re.Match[str], text: str, is_statement: bool) -> int | None:
    """The end of the value; ``None`` if this is no pair or its value reveals nothing."""
    name = _name(match, text)
    separator = match["separator"]
    if not is_sensitive_name(name) or (_ERROR.search(name) and ":" in separator):
        return None
    quoted = _QUOTED.match(text, match.end())
    if not separator.strip():
        return _end_without_separator(name, separator, text, match.end(), quoted)
    if quoted is not None:
        content = _content(quoted)
        return None if not content or _SAYS_NOTHING.fullmatch(content) else quoted.end()
    word = _WORD.match(text, match.end())
    if word is None or _is_harmless(name, _trimmed(word[0]), is_statement):
        return None
    return _bare_end(name, separator, text, word)


def _end_without_separator(
    name: str, separator: str, text: str, start: int, quoted: re.Match[str] | None
) -> int | None:
    """The end of the value in ``--password value`` and in ``api_key "value";``."""
    if quoted is not None:
        content = _content(quoted)
        return None if len(content) < _SHORTEST_BARE_QUOTE or re.search(r"\s", content) else quoted.end()
    word = _WORD.match(text, start)
    if not word or not separator:
        return None
    value = _trimmed(word[0])
    return start + len(value) if name.startswith("--") or _A_KEY.fullmatch(value) else None


def _bare_end(name: str, separator: str, text: str, word: re.Match[str]) -> int:
    start = word.start()
    if container := _CONTAINER.match(text, start):
        return container.end()
    line_end = _TO_THE_END.match(text, start).end()  # type: ignore[union-attr]
    if _HEADERS.search(name) and ":" in separator:
        return line_end
    if scheme := _SCHEME.match(text, start):
        return scheme.end()
    end = start + len(_trimmed(word[0]))
    may_hold_spaces = _PHRASES.search(name) and any(sign in separator for sign in ":=")
    if may_hold_spaces and "&" not in word[0] and "<" not in word[0]:
        following = _NEXT_PAIR.search(text, end, line_end)
        return max(end, following.start() if following else line_end)
    return end


def _trimmed(word: str) -> str:
    end = _WORD_ENDS.search(word, 1)
    return word[: end.start()] if end else word


def _is_harmless(name: str, value: str, is_statement: bool) -> bool:
    """Whether the value is a placeholder, an SQL column or an attribute of the name (``token: token.x``)."""
    return bool(
        _SAYS_NOTHING.fullmatch(value)
        or (is_statement and _SQL_COLUMN.fullmatch(value))
        or (value.startswith(f"{name}.") and value.replace(".", "_").isidentifier())
    )
