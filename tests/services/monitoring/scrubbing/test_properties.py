"""Properties for every object: scrubbing terminates, is idempotent and keeps types."""

import json
import math
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from services.monitoring.scrubbing import REDACTED, is_sensitive_name, scrub, scrub_exception_text, scrub_text
from services.monitoring.scrubbing.placeholders import TEXT_LIMIT
from tests.services.monitoring.scrubbing.corpus import EATEN, MACHINE, MISSED, innocents, secrets

# Random combinations of parts of secrets, which are likely to confuse the patterns.
PIECES = st.sampled_from([
    *"0123456789@.-+:=/\\ _()[]{}'\"%&?,;\n«»\u200b\u202f１é", "john", "password", "token=",
    "eyJ", "06 12", "+33 ", "4242 4242", "FR76", "http://", "user:", "%40", "\\u0040", "&#64;", "-----BEGIN ",
    "KEY-----", "::1", "Bearer ",
    "192.168.", "Key (a)=(", "DETAIL: ", "[parameters: ", "input_value=", "$2b$12$",
    "sk-", "adurand", "am9obi5kb2VAZXhhbXBsZS5jb20=", REDACTED, "***@", "XXX-XXX-", "\ud800", "/home/",
])  # fmt: skip
ODD = st.lists(PIECES, max_size=40).map("".join)
SECRETS = st.sampled_from([item.text for item in secrets() if item.text not in MISSED])
INNOCENTS = st.sampled_from([item.text for item in innocents() if item.text not in EATEN])
TEXTS = st.one_of(
    st.text(max_size=60), ODD, SECRETS, INNOCENTS, st.lists(st.one_of(ODD, SECRETS), max_size=4).map(" ".join)
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
KEYS = st.one_of(
    TEXTS, st.integers(), st.binary(max_size=20), st.sampled_from(["password", "id", "card_number", "phone"])
)
OBJECTS: st.SearchStrategy[Any] = st.recursive(
    st.one_of(PLAIN, st.binary(max_size=40), st.builds(object), st.complex_numbers()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(KEYS, inner, max_size=5),
        st.frozensets(TEXTS, max_size=3),
    ),
    max_leaves=25,
)


@given(TEXTS)
def test_scrubbing_a_scrubbed_text_changes_nothing(text: str) -> None:
    once = scrub_text(text, MACHINE)
    assert scrub_text(once, MACHINE) == once
    assert len(once) <= TEXT_LIMIT


@given(st.sampled_from(["KeyError", "TypeError", "a.b.ValueError", ""]), TEXTS)
def test_scrubbing_a_scrubbed_exception_text_changes_nothing(kind: str, text: str) -> None:
    once = scrub_exception_text(kind, text, MACHINE)
    assert scrub_exception_text(kind, once, MACHINE) == once
    assert scrub_text(once, MACHINE) == once


@given(OBJECTS)
@example([b"passwd", None])
@example({"PHONE": "0100000000:000000"})
def test_a_scrubbed_object_is_stable_and_serialisable(value: object) -> None:
    once = scrub(value, MACHINE)
    assert scrub(once, MACHINE) == once
    json.dumps(once, allow_nan=False).encode()


def _same_shape(value: Any, copy: Any) -> bool:
    if isinstance(value, dict):
        return type(copy) is dict and all(map(_same_entry, value.values(), copy.values()))
    if isinstance(value, list | tuple):
        pair = len(value) == 2 and isinstance(value[0], str) and is_sensitive_name(value[0])
        return type(copy) is list and (pair or all(map(_same_shape, value, copy)))
    if isinstance(value, float) and not math.isfinite(value):
        return isinstance(copy, str)
    if isinstance(value, int) and abs(value) > 10**12:  # may be a card
        return copy == value or isinstance(copy, str)
    if value is None or isinstance(value, int | float):
        return type(copy) is type(value) and copy == value
    return isinstance(copy, str | list)


def _same_entry(value: Any, copy: Any) -> bool:
    return copy == REDACTED or str(copy).startswith("XXX") or _same_shape(value, copy)


@given(OBJECTS)
def test_numbers_and_lists_keep_their_types(value: object) -> None:
    assert _same_shape(value, scrub(value, MACHINE))


@given(st.dictionaries(st.sampled_from(["id", "note", "rows", "from", "to"]), INNOCENTS), st.lists(INNOCENTS))
def test_innocent_texts_are_unchanged(entries: dict[str, str], texts: list[str]) -> None:
    value = {"entries": entries, "texts": [[text] for text in texts]}
    assert scrub(value, MACHINE) == value


@given(
    SECRETS,
    st.sampled_from(["", " ", "\n", "(", '"', "; "]),
    st.sampled_from(["", " ", "\n", ")", '"', " fin"]),
)
def test_a_secret_between_other_words_is_masked(secret: str, before: str, after: str) -> None:
    text = f"{before}{secret}{after}"
    assert scrub_text(text, MACHINE) != text


@given(st.lists(SECRETS, min_size=2, max_size=5))
def test_adjacent_secrets_are_all_masked(texts: list[str]) -> None:
    masked = scrub_text("\n\n".join(texts), MACHINE)
    assert not any(text in masked for text in texts)
