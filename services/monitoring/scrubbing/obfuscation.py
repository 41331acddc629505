"""Decodes disguised values: escapes, other digits, invisible characters, base64."""

import binascii
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Invisible characters and control characters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f-\x9f]"
)
_COLOURS = re.compile(r"\x1b\[[0-9;:?]{0,24}[ -/]?[@-~]")
_DASHES_AND_DOTS: Final = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣－⁃"), "-"),
    **dict.fromkeys(map(ord, "。․．｡"), "."),
    **dict.fromkeys(map(ord, "⁄∕"), "/"),
}
_OTHER_DIGIT = re.compile(r"[^\W\d_0-9]|[^\D0-9]")
_ESCAPED = re.compile(
    r"(?P<percent>(?:%(?:25)*[0-9A-Fa-f]{2})+)"
    r"|(?<!\\)\\+(?:u(?P<u>[0-9A-Fa-f]{4})|x(?P<x>[0-9A-Fa-f]{2})|(?P<mark>/))"
    r"|&#(?P<decimal>\d{1,7});|&#[xX](?P<hex>[0-9A-Fa-f]{1,6});|&(?P<name>commat|period|colon|amp|quot);"
)
_ONE_BYTE = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})")
_NAMED: Final = {"commat": "@", "period": ".", "colon": ":", "amp": "&", "quot": '"'}
_DEEPEST: Final = 4

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}={0,2}")
_PARTS = re.compile(r"[A-Za-z0-9]{11,}={0,2}")
_READABLE = re.compile("[^\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]{8,}")
_LINE_BREAKS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_BROKEN = re.compile(r"(?<!\\)\\+([nrt])")
_URL_SAFE: Final = str.maketrans("-_", "+/")


class TooDeep(ValueError):
    """A text is escaped in more layers than the limit."""


def decode_disguises(text: str) -> str:
    """The text without escapes and disguises. Raises :class:`TooDeep` after too many layers of escapes."""
    for _ in range(_DEEPEST):
        plain = _decode_layer(text)
        if plain == text:
            return text
        text = plain
    raise TooDeep


def _decode_layer(text: str) -> str:
    if "\x1b" in text:
        text = _COLOURS.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_DASHES_AND_DOTS)
        text = _OTHER_DIGIT.sub(_as_ascii_digit, text)
    elif not text.isprintable():
        text = _INVISIBLE.sub("", text)
    if "%" in text or "\\" in text or "&" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return text


def _as_ascii_digit(match: re.Match[str]) -> str:
    value = unicodedata.decimal(match[0], None)
    return match[0] if value is None else str(value)


def _unescaped(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    value = match[kind]
    match kind:
        case "percent":
            return bytes.fromhex("".join(_ONE_BYTE.findall(value))).decode("utf-8", "replace")
        case "u" | "x" | "hex":
            return _character(int(value, 16))
        case "decimal":
            return _character(int(value))
        case "name":
            return _NAMED[value]
        case _:
            return value


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def break_lines(text: str) -> str:
    """The text with the escaped line ends and tabs of a ``repr`` as white space, so that they end a word."""
    return _BROKEN.sub(lambda match: _LINE_BREAKS[match[1]], text)


def base64_texts(text: str) -> Iterator[tuple[str, str]]:
    """The parts of the text that may be base64, each with a readable decoding; all four offsets are tried."""
    for match in _BASE64.finditer(text):
        for run in dict.fromkeys([*_PARTS.findall(match[0]), match[0]]):
            for skipped in range(4):
                for found in _READABLE.findall(_decoded(run[skipped:])):
                    yield run, found


def _decoded(run: str) -> str:
    bare = run.rstrip("=").translate(_URL_SAFE)
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4)).decode("utf-8", "replace")
    except ValueError:
        return ""
