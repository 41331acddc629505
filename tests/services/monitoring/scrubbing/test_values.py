"""Every Python object is copied as plain data, without a call of its methods."""

import datetime
import decimal
import enum
import json
import math
import pathlib
import threading
import uuid
from collections import OrderedDict, deque, namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from services.monitoring.scrubbing import REDACTED, scrub
from services.monitoring.scrubbing.placeholders import (
    BIG_NUMBER,
    BREADTH_LIMIT,
    CARD,
    CUT,
    CYCLE,
    DEPTH_LIMIT,
    NODE_LIMIT,
    TEXT_LIMIT,
    TOO_DEEP,
)

MASKED = "jo***@example.com"
EMAIL = "john.doe@example.com"


class Hostile:
    """Raises in every method."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(EMAIL)

    def __repr__(self) -> str:
        raise RuntimeError(EMAIL)

    __str__ = __hash__ = __len__ = __iter__ = __bool__ = __eq__ = __repr__  # type: ignore[assignment]


class HostileClass(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise RuntimeError(EMAIL)


class HostileText(str):
    def __str__(self) -> str:
        raise RuntimeError(EMAIL)

    __hash__ = str.__hash__
    __eq__ = str.__eq__
    __len__ = __getitem__ = __contains__ = lower = __str__  # type: ignore[assignment]


class HostileDict(dict[str, object]):
    def items(self) -> Any:
        raise RuntimeError(EMAIL)

    __iter__ = __len__ = __getitem__ = keys = items  # type: ignore[assignment]


class HostileList(list[object]):
    def __iter__(self) -> Any:
        raise RuntimeError(EMAIL)

    __len__ = __getitem__ = __iter__  # type: ignore[assignment]


@dataclass
class Person:
    email: str = EMAIL


class Color(enum.Enum):
    RED = EMAIL


class Number(enum.IntEnum):
    SEVEN = 7


Pair = namedtuple("Pair", "email age")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (-1.5, -1.5),
        (Number.SEVEN, 7),
        (EMAIL, MASKED),
        (EMAIL.encode(), MASKED),
        (bytearray(EMAIL.encode()), MASKED),
        (memoryview(EMAIL.encode()), MASKED),
        (EMAIL.encode("utf-16-le"), MASKED),
        (b"\xff\xfe " + EMAIL.encode(), "�� " + MASKED),
        ([EMAIL], [MASKED]),
        ((EMAIL, 1), [MASKED, 1]),
        ({EMAIL}, [MASKED]),
        (frozenset({EMAIL}), [MASKED]),
        (deque([EMAIL]), [MASKED]),
        (Pair(EMAIL, 7), [MASKED, 7]),
        ({EMAIL: EMAIL}, {MASKED: MASKED}),
        (OrderedDict(a=EMAIL), {"a": MASKED}),
        (Person(), "<Person>"),
        (Person, "<type>"),
        (ValueError(EMAIL), "<ValueError>"),
        (Color.RED, "<Color>"),
        (iter([EMAIL]), "<list_iterator>"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (2**63, BIG_NUMBER),
        (2**63 - 1, 2**63 - 1),
        (4242424242424242, CARD),
        (73282932000074, 73282932000074),
        (1700000000123456789, 1700000000123456789),
        ("\ud800", "�"),
        ("\ud83d\ude00", "😀"),
        (datetime.datetime(2026, 3, 1, 10, 20, 30, tzinfo=datetime.UTC), "2026-03-01 10:20:30+00:00"),
        (decimal.Decimal("1234.50"), "1234.50"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (pathlib.PurePosixPath("/home/jean/x"), "[REDACTED]/x"),
        ([["password", "hunter2"], ("x", "y")], [["password", REDACTED], ["x", "y"]]),
        ({"phone": "612345678", "mobile": 612345678}, {"phone": "XXX-XXX-5678", "mobile": "XXX-XXX-5678"}),
        ({"tel": "inconnu", "phone_count": 12345678}, {"tel": "inconnu", "phone_count": 12345678}),
    ],
)  # fmt: skip
def test_any_object_becomes_plain_data(value: object, plain: object) -> None:
    assert scrub(value) == plain
    assert type(scrub(value)) is type(plain)
    assert scrub(plain) == plain
    json.dumps(scrub(value), allow_nan=False).encode()


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        (7, "7"), (None, "None"), (1.5, "1.5"), (EMAIL.encode(), MASKED), ((1, EMAIL), "<tuple>"),
        (Person, "<type>"), (Color.RED, "<Color>"), (4242424242424242, CARD),
    ],
)  # fmt: skip
def test_a_key_becomes_a_scrubbed_text(key: Any, plain: str) -> None:
    assert scrub({key: 1}) == {plain: 1}


@pytest.mark.parametrize(
    ("make", "plain"),
    [
        (lambda: Hostile(), "<Hostile>"),
        (lambda: HostileClass("Odd", (), {})(), "<Odd>"),
        (lambda: HostileText(EMAIL), MASKED),
        (lambda: HostileList([EMAIL]), [MASKED]),
        (lambda: HostileDict(a=EMAIL), {"a": MASKED}),
        (lambda: {HostileText("a"): Hostile()}, {"a": "<Hostile>"}),
        (lambda: {"password": Hostile(), "credit_card": Hostile(), "phone": Hostile()},
         {"password": REDACTED, "credit_card": REDACTED, "phone": "<Hostile>"}),
        (lambda: {10**5000: -(10**5000)}, {BIG_NUMBER: BIG_NUMBER}),
        (lambda: [Hostile(), Hostile()], ["<Hostile>", "<Hostile>"]),
    ],
)  # fmt: skip
def test_no_method_of_an_object_is_called(make: Callable[[], object], plain: object) -> None:
    assert scrub(make()) == plain


def test_a_sensitive_name_in_bytes_is_recognised() -> None:
    assert scrub({b"password": 1}) == {"password": REDACTED}


def test_two_keys_with_the_same_mask_keep_both_their_values() -> None:
    copy = scrub({"john.doe@example.com": 1, "john.smith@example.com": 2, "john.x@example.com": 3})
    assert copy == {MASKED: 1, f"{MASKED} (2)": 2, f"{MASKED} (3)": 3}
    assert scrub(copy) == copy


def test_the_argument_is_not_modified() -> None:
    given = {"password": "x", "list": [EMAIL, {EMAIL}]}
    scrub(given)
    assert given == {"password": "x", "list": [EMAIL, {EMAIL}]}


def test_a_cycle_is_cut_off() -> None:
    ring: list[object] = [1]
    ring.append({"ring": ring})
    assert scrub(ring) == [1, {"ring": CYCLE}]


def test_a_shared_object_is_no_cycle() -> None:
    once = {"a": 1}
    assert scrub([once, once]) == [once, once]


def test_too_deep_data_is_marked() -> None:
    deep: object = EMAIL
    for _ in range(10_000):
        deep = [deep]
    copy = scrub(deep)
    for _ in range(DEPTH_LIMIT - 1):
        copy = copy[0]
    assert copy == [TOO_DEEP]


def test_a_text_at_the_greatest_depth_is_kept() -> None:
    deep: object = EMAIL
    for _ in range(DEPTH_LIMIT):
        deep = [deep]
    assert MASKED in json.dumps(scrub(deep))


def test_too_many_entries_are_cut_and_marked() -> None:
    wide = scrub({"list": [1] * 1_000_000, "dict": dict.fromkeys(range(1_000_000))})
    assert len(wide["list"]) == BREADTH_LIMIT + 1
    assert wide["list"][-1] == CUT
    assert len(wide["dict"]) == BREADTH_LIMIT + 1
    assert wide["dict"][CUT] == CUT
    assert scrub(wide) == wide


def test_shared_references_do_not_grow_exponentially() -> None:
    laughs: object = "ha"
    for _ in range(15):
        laughs = [laughs] * 10
    copy = scrub(laughs)
    assert json.dumps(copy).count("ha") <= NODE_LIMIT
    assert CUT in json.dumps(copy)


@pytest.mark.parametrize("text", ["a " * 500_000, "a" * 1_000_000, "é" * 1_000_000, f"{EMAIL} " * 50_000])
def test_a_long_text_is_cut_and_marked(text: str) -> None:
    copy = scrub(text)
    assert len(copy) <= TEXT_LIMIT
    assert copy.endswith(CUT)
    assert "john.doe" not in copy
    assert scrub(copy) == copy


def test_a_long_text_is_cut_to_sentrys_limit() -> None:
    assert len(scrub("mot " * 5_000)) > TEXT_LIMIT - 20


@pytest.mark.parametrize("secret", [
    EMAIL, "+33 6 12 34 56 78", "4242 4242 4242 4242", "FR76 3000 6000 0112 3456 7890 189",
    "password=hunter2hunter2",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJlc2lnbmF0dXJl", "postgresql://epic:s3cr3ts3cr3t@db/crm",
])  # fmt: skip
def test_a_secret_across_the_cut_is_masked_whole(secret: str) -> None:
    alone = scrub(f" {secret} ").strip()
    for start in range(TEXT_LIMIT - len(secret) - 20, TEXT_LIMIT + 5, 3):
        copy = scrub("y" * (start - 1) + f" {secret} " + "z" * 5_000)
        left = copy.removesuffix(CUT).lstrip("y").rstrip("z ").strip()
        assert alone.startswith(left), (start, left)


def test_a_container_changed_by_another_thread_is_copied() -> None:
    shared: dict[int, int] = {number: number for number in range(500)}
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            shared[len(shared) + 1000] = 1
            shared.popitem()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        assert all(scrub(shared)["7"] == 7 for _ in range(200))
    finally:
        done.set()
        changing.join()
