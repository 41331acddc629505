"""Leak detectors for received data: a search for every canary in every form, and Sentry's own scrubber."""

import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from sentry_relay.processing import StoreNormalizer, pii_strip_event
from sentry_sdk.envelope import Envelope

from tests.support.canaries import FORMS, Canary

RELAY_RULES: Final = {
    "applications": {
        "**": [
            "@creditcard", "@email", "@ip", "@iban", "@usssn", "@pemkey", "@urlauth", "@userpath", "@bearer",
        ]
    }
}  # fmt: skip
_OUR_EMAIL_MASK: Final = "***@"
_GRAM: Final = 8
_SHORTEST: Final = 4


@dataclass
class Received:
    """The received data as raw and as decoded text, indexed for searches of thousands of needles."""

    haystack: str
    _grams: set[str] = field(init=False)

    def __post_init__(self) -> None:
        text = self.haystack
        self._grams = {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}

    @classmethod
    def of(cls, *bodies: bytes) -> "Received":
        """The received data of envelopes or other files."""
        raw = [body.decode("utf-8", "replace") for body in bodies]
        read = (text for body in bodies for document in _documents(body) for text in _texts(document))
        return cls("\n".join((*raw, *dict.fromkeys(read))))

    def holds(self, text: str) -> bool:
        """Whether the data hold exactly this text."""
        last = len(text) - _GRAM
        if any(text[at : at + _GRAM] not in self._grams for at in {*range(0, last, _GRAM), max(last, 0)}):
            return last < 0 and text in self.haystack
        return text in self.haystack

    def holds_in_any_form(self, text: str) -> bool:
        """Whether the data hold this text plain, in base64, URL-encoded, JSON-escaped or full-width."""
        assert len(text) >= _SHORTEST, f"{text!r} is found anywhere"
        return any(self.holds(form) for form in forms_of(text))


def leaked(canaries: Iterable[Canary], received: Received) -> list[Canary]:
    """The canaries with any part in the received data, in any form."""
    return [
        canary
        for canary in canaries
        if any(received.holds_in_any_form(needle) for needle in canary.needles)
        or (canary.form != "base64" and received.holds(canary.text))
    ]


def forms_of(text: str) -> Iterator[str]:
    """All encodings of a text."""
    percent = FORMS["URL-encoded"](text)
    usual = percent.replace("%2D", "-").replace("%2E", ".").replace("%5F", "_").replace("%7E", "~")
    wide = FORMS["full-width"](text)
    escaped = (FORMS["JSON-escaped"](text), json.dumps(text)[1:-1], json.dumps(wide)[1:-1])
    encoded = (percent, usual, usual.replace("%2F", "/"), usual.replace("%20", "+"), _in_small(percent))
    yield from (text, wide, *escaped, *encoded)
    yield from _in_base64(text.encode())


def _in_small(percent: str) -> str:
    first, *others = percent.split("%")
    return "".join((first, *(f"%{each[:2].lower()}{each[2:]}" for each in others)))


def _in_base64(content: bytes) -> Iterator[str]:
    """The base64 forms of the content at any offset within a longer text."""
    for before, first in enumerate((0, 2, 3)):
        # The first and last letters also encode neighbouring bytes, so cut them off.
        whole = binascii.b2a_base64(b"\0" * before + content, newline=False).decode().rstrip("=")
        whole = whole[first : len(whole) - bool((before + len(content)) % 3)]
        yield whole
        if "+" in whole or "/" in whole:
            yield whole.replace("+", "-").replace("/", "_")


def envelopes(bodies: Iterable[bytes]) -> list[Envelope]:
    """The received envelopes."""
    return [Envelope.deserialize(body) for body in bodies]


def payloads(bodies: Iterable[bytes], *kinds: str) -> list[Any]:
    """The JSON items of these types, by default of all types."""
    return [
        payload
        for envelope in envelopes(bodies)
        for item in envelope.items
        if not kinds or item.headers["type"] in kinds
        for payload in _documents(item.get_bytes())
    ]


def relay_finds(bodies: Iterable[bytes]) -> list[str]:
    """The values that Sentry's scrubber would mask in headers, items, field names and attachments."""
    whole = [
        part
        for envelope in envelopes(bodies)
        for part in (
            dict(envelope.headers),
            *(dict(item.headers) for item in envelope.items),
            *(_document_or_text(item.get_bytes()) for item in envelope.items),
        )
    ]
    return [finding for part in whole for finding in relay_masks(part)]


def relay_masks(payload: Any) -> list[str]:
    """The parts of a value that Sentry's scrubber would mask, without our own masks."""
    event = json.loads(json.dumps({"extra": {"payload": payload, "names": sorted(set(_names(payload)))}}))
    judged = pii_strip_event(RELAY_RULES, _without_our_mask(event))
    return list(_remarks(judged.get("_meta", {}), ()))


def relay_errors(event: Mapping[str, Any]) -> list[str]:
    """The fields of this event that Sentry would refuse."""
    return list(_errors(_normalizer().normalize_event(dict(event)).get("_meta", {}), ()))


@cache
def _normalizer() -> Any:
    return StoreNormalizer(remove_other=True, is_renormalize=False)


def spooled(state_folder: Path) -> list[bytes]:
    """The contents of all files of the spool, waiting and sent."""
    return [path.read_bytes() for path in (state_folder / "telemetry").rglob("*") if path.is_file()]


def _documents(body: bytes) -> Iterator[Any]:
    """The JSON documents in a body: the whole body, or else its lines."""
    for text in (body, *body.split(b"\n")):
        try:
            yield json.loads(text)
        except ValueError:
            continue
        if text is body:
            return


def _document_or_text(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, int | float):
        yield str(value)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _names(each)
    elif isinstance(value, list):
        for each in value:
            yield from _names(each)


def _without_our_mask(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(_OUR_EMAIL_MASK, "--- at ")
    if isinstance(value, dict):
        return {_without_our_mask(name): _without_our_mask(each) for name, each in value.items()}
    return [_without_our_mask(each) for each in value] if isinstance(value, list) else value


def _remarks(meta: Any, path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(meta, dict):
        return
    for name, each in meta.items():
        if name == "" and isinstance(each, dict) and each.get("rem"):
            yield f"{'.'.join(path)}: {each['rem']}"
        yield from _remarks(each, (*path, name))


def _errors(meta: Any, path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(meta, dict):
        return
    for name, each in meta.items():
        if name == "" and isinstance(each, dict) and each.get("err"):
            yield f"{'.'.join(path)}: {each['err']}"
        yield from _errors(each, (*path, name))
