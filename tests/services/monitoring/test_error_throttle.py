"""A repeating error becomes a few events a minute; the others are counted."""

import threading

import pytest

from services.monitoring.error_throttle import OVERALL, PER_PLACE, PERIOD, ErrorThrottle
from services.monitoring.marks import event_id_of, mark


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def storm(clock: Clock) -> ErrorThrottle:
    return ErrorThrottle(clock)


def raised_here() -> ValueError:
    try:
        raise ValueError("a text that is never the same")
    except ValueError as error:
        return error


def raised_there() -> ValueError:
    try:
        raise ValueError("a text that is never the same")
    except ValueError as error:
        return error


def raised_in(place: int) -> Exception:
    namespace: dict[str, object] = {}
    try:
        exec(compile("\n" * place + "raise KeyError", "made_up.py", "exec"), namespace)  # noqa: S102
    except KeyError as error:
        return error
    raise AssertionError


def test_five_of_ten_thousand_exceptions_in_a_loop_are_reported(storm: ErrorThrottle) -> None:
    assert sum(storm.allow(raised_here()) for _ in range(10_000)) == PER_PLACE
    assert storm.refused_total == 10_000 - PER_PLACE


def test_each_place_and_class_has_its_own_limit(storm: ErrorThrottle) -> None:
    for _ in range(PER_PLACE):
        assert storm.allow(raised_here())
    assert not storm.allow(raised_here())
    assert storm.allow(raised_there())
    assert storm.allow(ValueError("never raised"))


def test_at_most_thirty_exceptions_of_all_places_are_reported(storm: ErrorThrottle) -> None:
    assert sum(storm.allow(raised_in(place)) for place in range(100)) == OVERALL


def test_the_limits_reset_after_a_minute(storm: ErrorThrottle, clock: Clock) -> None:
    assert sum(storm.allow(raised_here()) for _ in range(9)) == PER_PLACE
    clock.now += PERIOD - 0.1
    assert not storm.allow(raised_here())
    clock.now += 0.2
    assert sum(storm.allow(raised_here()) for _ in range(9)) == PER_PLACE


def test_the_next_event_reports_the_suppressed_count_once(storm: ErrorThrottle) -> None:
    for _ in range(PER_PLACE + 7):
        storm.allow(raised_here())
    assert storm.take_suppressed(raised_there()) == 0
    assert storm.take_suppressed(raised_here()) == 7
    assert storm.take_suppressed(raised_here()) == 0
    assert storm.refused_total == 7


def test_the_number_of_remembered_places_is_bounded(storm: ErrorThrottle, clock: Clock) -> None:
    for place in range(1200):
        storm.allow(raised_in(place))
        clock.now += 3 if place < 600 else 0
    assert storm.refused_total > 500
    assert len(storm._allowed_of) <= 500
    assert len(storm._suppressed) <= 500


def test_threads_share_one_count(storm: ErrorThrottle) -> None:
    allowed: list[bool] = []
    errors = [raised_here() for _ in range(8)]
    threads = [
        threading.Thread(target=lambda error=error: allowed.extend(storm.allow(error) for _ in range(200)))
        for error in errors
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == PER_PLACE
    assert storm.refused_total == 1600 - PER_PLACE


def test_an_exception_carries_the_id_of_its_event() -> None:
    error = ValueError()
    assert event_id_of(error) is None
    mark(error, "ab" * 16)
    assert event_id_of(error) == "ab" * 16


class Closed(Exception):
    def __setattr__(self, name: str, value: object) -> None:
        raise TypeError("no attributes")


class Hostile(Exception):
    def __getattribute__(self, name: str) -> object:
        raise RuntimeError("no questions")


@pytest.mark.parametrize("kind", [Closed, Hostile])
def test_an_exception_that_accepts_no_attribute_is_tolerated(kind: type[BaseException]) -> None:
    error = kind()
    mark(error, "ab" * 16)
    assert event_id_of(error) is None
