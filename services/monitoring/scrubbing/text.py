"""Masks personal data in a text."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final

from services.monitoring.scrubbing.addresses import (
    mask_addresses,
    mask_credentials,
    mask_emails,
    may_hold_spoken_emails,
)
from services.monitoring.scrubbing.cards import mask_cards
from services.monitoring.scrubbing.exceptions import without_quotes
from services.monitoring.scrubbing.host_identity import Surroundings, current_surroundings
from services.monitoring.scrubbing.key_values import mask_pairs, may_hold_pairs
from services.monitoring.scrubbing.labelled_values import mask_devices, mask_expiry, mask_labelled
from services.monitoring.scrubbing.national_ids import mask_ibans, mask_identities
from services.monitoring.scrubbing.obfuscation import TooDeep, base64_texts, break_lines, decode_disguises
from services.monitoring.scrubbing.phones import mask_phones
from services.monitoring.scrubbing.placeholders import CUT, MARGIN, REDACTED, TEXT_LIMIT
from services.monitoring.scrubbing.tokens import mask_tokens, may_hold_tokens

Step = Callable[[str], str]

# Machine-made values (event ids, times, dates), in which no number is masked.
_HEX: Final = (
    r"(?<![0-9A-Za-z])(?=[0-9]{0,64}[a-f])"
    r"(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![0-9A-Za-z])"
)
_UUID: Final = r"(?<![\w-])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![\w-])"
_ISO: Final = (
    r"(?<![\d.-])[12]\d{3}-[01]\d-[0-3]\d(?:[T _][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?"
    r"(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?(?![\d-])"
)
_DATE: Final = r"(?<![\d./-])[0-3]?\d([/.-])[01]?\d\1[12]\d{3}(?![\d./-])"
_MACHINE_MADE = re.compile(rf"{_HEX}|{_UUID}|{_ISO}|{_DATE}")
_WHOLLY_MACHINE_MADE = re.compile(rf"{_HEX}|{_UUID}|{_ISO}")

# Cheap checks that skip expensive patterns.
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d(?:\D{0,5}\d){5}")
_LONG_RUN = re.compile(r"[\w.$~+/=:,-]{12,}")
_SURROGATE = re.compile("[\ud800-\udfff]")

_PASSES: Final = 6
_DEEPEST_BASE64: Final = 3
_CACHED_TEXTS: Final = 8192
_LONGEST_CACHED: Final = 256


class TextScrubber:
    """Masks texts for one machine. Only texts without a finding are cached."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._clean: set[str] = set()

    def scrub(self, text: str) -> str:
        """The text with personal data masked, cut to ``TEXT_LIMIT`` characters."""
        if text in self._clean:
            return text
        result = self._scrub_until_stable(text, self._scrub_once)
        if result == text and len(text) <= _LONGEST_CACHED:
            if len(self._clean) >= _CACHED_TEXTS:
                self._clean.clear()
            self._clean.add(text)
        return result

    def scrub_exception(self, kind: str, text: str, is_ours: Callable[[str], bool]) -> str:
        """The text of an exception, scrubbed, without quoted values other than the program's names."""
        unquoted = partial(without_quotes, kind, is_cut=len(text) > TEXT_LIMIT, is_ours=is_ours)
        return self._scrub_until_stable(text, lambda part: self._scrub_once(unquoted(part)))

    def _scrub_until_stable(self, text: str, step: Step) -> str:
        scrubbed = _repeat(text[: TEXT_LIMIT + MARGIN], step)
        if len(text) <= TEXT_LIMIT and len(scrubbed) <= TEXT_LIMIT:
            return scrubbed
        # A value that crosses the limit is masked whole before the margin is cut off.
        whole = scrubbed if scrubbed.endswith(REDACTED) else scrubbed[: max(0, len(scrubbed) - MARGIN)]
        kept = whole[: TEXT_LIMIT - 2 * len(CUT)]
        at_a_space = max(kept.rfind(" "), kept.rfind("\n"))
        kept = kept[:at_a_space] if at_a_space > len(kept) - MARGIN and len(kept) < len(whole) else kept
        result = _repeat(f"{kept} {CUT}", step)
        return result if len(result) <= TEXT_LIMIT else CUT

    def _scrub_once(self, text: str, depth: int = 0) -> str:
        if _WHOLLY_MACHINE_MADE.fullmatch(text):
            return text
        text = _replace_surrogates(text)
        try:
            plain = _replace_surrogates(decode_disguises(text))
        except TooDeep:
            return REDACTED
        masked = self._mask_all(plain, depth)
        if "\\" in masked:
            # An escaped line end of a repr joins two words, which may hide a match.
            lines = break_lines(masked)
            masked_lines = self._mask_all(lines, depth)
            masked = masked if masked_lines == lines else masked_lines
        return text if masked == plain else masked

    def _mask_all(self, text: str, depth: int) -> str:
        lower = text.lower()
        if "@" in text or "-u" in text:
            text = mask_credentials(text)
        if (has_long_run := _LONG_RUN.search(text)) or may_hold_tokens(text, lower):
            text = mask_tokens(text)
        if may_hold_pairs(lower):
            text = mask_pairs(text)
        if _DIGIT.search(text):
            text = mask_labelled(text, lower)
        if "@" in text or may_hold_spoken_emails(lower):
            text = mask_emails(text)
        if _DIGITS.search(text):
            text = mask_expiry(_mask_numbers(mask_ibans(text)))
        text = self._surroundings.mask(mask_devices(mask_addresses(text)))
        return self._without_base64(text, depth) if has_long_run else text

    def _without_base64(self, text: str, depth: int) -> str:
        for run, decoded in base64_texts(text):
            if depth >= _DEEPEST_BASE64 or self._scrub_once(decoded, depth + 1) != decoded:
                text = text.replace(run, REDACTED)
        return text


def _repeat(text: str, step: Step) -> str:
    """Repeat the step until the text no longer changes, since a mask may join parts into a new match."""
    for _ in range(_PASSES):
        again = step(text)
        if again == text:
            return text
        text = again
    return REDACTED


def _mask_numbers(text: str) -> str:
    parts: list[str] = []
    done = 0
    for match in _MACHINE_MADE.finditer(text):
        parts += (_mask_numbers_of(text[done : match.start()]), match[0])
        done = match.end()
    return "".join(parts) + _mask_numbers_of(text[done:])


def _mask_numbers_of(text: str) -> str:
    return mask_phones(mask_identities(mask_cards(text))) if _DIGITS.search(text) else text


def _replace_surrogates(text: str) -> str:
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@lru_cache(maxsize=16)
def scrubber_of(surroundings: Surroundings | None) -> TextScrubber:
    """The scrubber for these surroundings; ``None`` means this machine."""
    return TextScrubber(current_surroundings() if surroundings is None else surroundings)


def scrub_text(text: str, surroundings: Surroundings | None = None) -> str:
    """The text with personal data masked, at most 8,192 characters long.

    A text without a finding is returned unchanged. In a text with a finding, escapes, other digits and
    invisible characters are replaced by plain text.
    """
    return scrubber_of(surroundings).scrub(text)


def scrub_exception_text(
    kind: str,
    text: str,
    surroundings: Surroundings | None = None,
    is_ours: Callable[[str], bool] = lambda name: False,
) -> str:
    """The text of an exception of class ``kind``, without the values that it quotes.

    ``is_ours`` recognises names of fields, columns and modules, which are kept since they help to find the
    error.
    """
    return scrubber_of(surroundings).scrub_exception(kind, text, is_ours)
