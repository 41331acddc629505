"""Measures the detections, false positives and times of scrubbers on the corpora of tests/services.

Each scrubber gets the same events: an item as the text of a message, the same item as a value with a neutral
name, and each sensitive name of the telemetry contract, in six spellings, with a neutral value. An item is
detected if no distinctive part of it is left; an innocent item that is changed is a false positive. The last
columns show the median time for a new error event of 20 kB with 40 frames and 100 breadcrumbs, and that time
as a multiple of json.dumps. This program caches short texts without a finding; its second line is without
that cache.

    python -m benchmarks.scrubbers [--runs 30]
"""

import argparse
import copy
import json
import platform
import random
import statistics
import time
import uuid
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from sentry_relay.processing import convert_datascrubbing_config, pii_strip_event
from sentry_scrubber.scrubber import SentryScrubber
from sentry_sdk._types import AnnotatedValue
from sentry_sdk.scrubber import EventScrubber

from services.monitoring.scrubbing import scrub
from services.monitoring.scrubbing.sensitive_keys import CONTRACT_TERMS
from services.monitoring.scrubbing.text import scrubber_of
from tests.services.monitoring.scrubbing.corpus import MACHINE, Item, innocents, secrets

Event = dict[str, Any]
Scrubber = Callable[[Event], Event]
HARMLESS = "hunter"

SERVER_CONFIG = convert_datascrubbing_config({
    "scrubData": True, "scrubIpAddresses": True, "scrubDefaults": True, "sensitiveFields": [],
    "excludeFields": [],
})  # fmt: skip
COMMON_CONFIG = {"applications": {"**": ["@common"]}}


def ours(event: Event) -> Event:
    return scrub(event, MACHINE)  # type: ignore[no-any-return]


def ours_without_memory(event: Event) -> Event:
    scrubber_of.cache_clear()
    return ours(event)


def stock(event: Event) -> Event:
    return event


def event_scrubber(event: Event) -> Event:
    changed = copy.deepcopy(event)
    EventScrubber(recursive=True).scrub_event(changed)  # type: ignore[arg-type]
    return changed


def server_defaults(event: Event) -> Event:
    return pii_strip_event(SERVER_CONFIG, event)  # type: ignore[no-any-return]


def server_common(event: Event) -> Event:
    return pii_strip_event(COMMON_CONFIG, {"extra": event})["extra"]  # type: ignore[no-any-return]


def sentry_scrubber(event: Event) -> Event:
    return SentryScrubber().scrub_event(event) or {}


SCRUBBERS: dict[str, Scrubber] = {
    "this program": ours,
    "this program, nothing remembered": ours_without_memory,
    f"sentry-sdk {version('sentry-sdk')}, as it is": stock,
    "its EventScrubber(recursive=True)": event_scrubber,
    f"sentry-scrubber {version('sentry-scrubber')}": sentry_scrubber,
    f"Sentry's server (relay {version('sentry-relay')}), defaults": server_defaults,
    "Sentry's server, @common on everything": server_common,
}


def as_message(scrubber: Scrubber, text: str) -> str:
    return str(scrubber({"logentry": {"formatted": text}}).get("logentry", {}).get("formatted"))


def as_value(scrubber: Scrubber, text: str) -> str:
    return str(scrubber({"extra": {"note": text}}).get("extra", {}).get("note"))


def caught(look: Callable[[Scrubber, str], str], scrubber: Scrubber, items: list[Item]) -> int:
    return sum(item.is_gone_from(look(scrubber, item.text)) for item in items)


def eaten(look: Callable[[Scrubber, str], str], scrubber: Scrubber, items: list[Item]) -> int:
    return sum(look(scrubber, item.text) != item.text for item in items)


def field_names() -> list[str]:
    """The names of the contract in several spellings, and within longer names."""
    names: dict[str, None] = {}
    for term in CONTRACT_TERMS:
        words = term.split("_")
        camel = words[0] + "".join(word.capitalize() for word in words[1:])
        names |= dict.fromkeys([term, term.upper(), "-".join(words), " ".join(words), camel, f"user_{term}"])
    return list(names)


def redacted(scrubber: Scrubber, name: str) -> bool:
    value = scrubber({"extra": {name: HARMLESS}}).get("extra", {}).get(name)
    return isinstance(value, AnnotatedValue) or value != HARMLESS


def error_event(seed: int) -> Event:
    """An event such as this program sends, 20 kB of JSON."""
    chance = random.Random(seed)
    return {
        "event_id": uuid.UUID(int=chance.getrandbits(128)).hex,
        "timestamp": "2026-03-01T10:20:30.123456Z",
        "level": "error",
        "platform": "python",
        "release": "epicevents@0.1.0",
        "user": {"id": "7", "username": "commercial1", "department": "COMMERCIAL"},
        "tags": {"screen": "ClientsScreen", "language": "fr", "database": "sqlite"},
        "exception": {"values": [{
            "type": "ValueError", "value": "invalid literal for int() with base 10: 'jean.dupont@example.fr'",
            "stacktrace": {"frames": [_frame(chance) for _ in range(40)]},
        }]},
        "breadcrumbs": {"values": [_breadcrumb(chance) for _ in range(100)]},
    }  # fmt: skip


def _frame(chance: random.Random) -> Event:
    module = f"{chance.choice(['services', 'tui.screens', 'textual'])}.module_{chance.randrange(60)}"
    name = chance.choice(["on_mount", "_invoke", "dispatch_event", "create_client"])
    return {
        "filename": module.replace(".", "/") + ".py",
        "module": module,
        "function": name,
        "lineno": chance.randrange(900),
        "in_app": chance.random() < 0.5,
    }


def _breadcrumb(chance: random.Random) -> Event:
    statement = "SELECT client.id FROM client WHERE client.id = ?"
    text = chance.choice(["ClientsScreen → ClientForm", "save", "Création d'un client", statement])
    minute, second, rest = chance.randrange(10, 60), chance.randrange(10, 60), chance.randrange(10**5, 10**6)
    return {
        "category": chance.choice(["navigation", "ui.action"]),
        "level": "info",
        "timestamp": f"2026-03-01T10:{minute}:{second}.{rest}Z",
        "message": text,
        "data": {"screen": "ClientsScreen", "id": chance.randrange(10_000)},
    }


def milliseconds(function: Callable[[Event], object], runs: int) -> float:
    times = []
    for seed in range(runs + 1):
        event = error_event(seed)
        started = time.perf_counter()
        function(event)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])  # the first one compiles and fills caches


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    bad, good, names = secrets(), innocents(), field_names()
    size = len(json.dumps(error_event(0)))
    dumps = milliseconds(json.dumps, runs)
    print(
        f"{len(bad)} secrets, {len(good)} innocents, {len(names)} names of fields; an event of {size} bytes"
    )
    print(f"Python {platform.python_version()}, {platform.machine()}; json.dumps {dumps:.2f} ms\n")
    print(f"{'':52}{'caught as':^20}{'eaten as':^18}{'names':>7}{'one event':>18}")
    print(f"{'':52}{'message':>10}{'value':>10}{'message':>9}{'value':>9}{'':>7}{'ms':>9}{'x dumps':>9}")
    for title, scrubber in SCRUBBERS.items():
        took = milliseconds(scrubber, runs)
        found = [caught(look, scrubber, bad) for look in (as_message, as_value)]
        harmed = [eaten(look, scrubber, good) for look in (as_message, as_value)]
        hidden = sum(redacted(scrubber, name) for name in names)
        figures = f"{found[0]:>10}{found[1]:>10}{harmed[0]:>9}{harmed[1]:>9}{hidden:>7}"
        print(f"{title:52}{figures}{took:>9.2f}{took / dumps:>9.1f}")


if __name__ == "__main__":
    main()
