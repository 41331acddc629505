"""Counts the planted secrets that leave through each tool, for every kind of secret, field and Sentry item.

The items are those of tests/support/canary_items.py, once with plain secrets and once in other forms
(URL-encoded, full-width, JSON-escaped, base64); each secret is planted once. Every tool gets the kinds of
items for which the SDK has a hook: events, transactions, feedback, check-ins, logs, metrics and spans. Items
without a hook are sent unchanged, as the SDK does: sessions, attachments, profiles, user and client reports,
headers. The output is searched for each secret in plain, base64, URL-encoded, JSON-escaped and full-width
form.

Sentry's server scrubs data only after they have left the machine; its defaults are included for comparison.

    python -m benchmarks.leaks
"""

import copy
import json
import platform
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

from sentry_relay.processing import convert_datascrubbing_config, pii_strip_event
from sentry_scrubber.scrubber import SentryScrubber
from sentry_sdk.envelope import Envelope, Item, PayloadRef
from sentry_sdk.scrubber import EventScrubber
from sentry_sdk.serializer import serialize

from services.monitoring.envelope.sanitizer import sanitize_envelope
from tests.support.canaries import DISGUISES, KINDS, OF_THE_MACHINE, Cage, Canary, on_the_machine_of_somebody
from tests.support.canary_items import Filling, envelope
from tests.support.leak_detectors import Received, leaked

Payload = dict[str, Any]
Hook = Callable[[str, Payload], Any]

_EVENTS: Final = frozenset({"event", "transaction", "feedback", "check_in"})
_HOOKED: Final = _EVENTS | {"log", "trace_metric", "span"}
_SERVER: Final = convert_datascrubbing_config({
    "scrubData": True, "scrubIpAddresses": True, "scrubDefaults": True, "sensitiveFields": [],
    "excludeFields": [],
})  # fmt: skip


def stock(kind: str, payload: Payload) -> Any:
    """The SDK with its defaults, which scrub events but no nested values."""
    return _by_event_scrubber(EventScrubber(), kind, payload)


def recursive(kind: str, payload: Payload) -> Any:
    """The SDK's scrubber with ``recursive=True``."""
    return _by_event_scrubber(EventScrubber(recursive=True), kind, payload)


def _by_event_scrubber(scrubber: EventScrubber, kind: str, payload: Payload) -> Any:
    if kind in _EVENTS:
        scrubber.scrub_event(payload)  # type: ignore[arg-type]
    return serialize(payload)


def sentry_scrubber(kind: str, payload: Payload) -> Any:
    """The package ``sentry-scrubber``, made for ``before_send`` but called in every hook here."""
    return SentryScrubber().scrub_event(payload)


def server(kind: str, payload: Payload) -> Any:
    """Relay with the defaults of a new project."""
    if kind in _EVENTS:
        return pii_strip_event(_SERVER, payload)
    return pii_strip_event(_SERVER, {"extra": payload})


def by(hook: Hook) -> Callable[[Envelope], bytes]:
    """A tool that passes each item with a hook through this function."""

    def sent(given: Envelope) -> bytes:
        return Envelope(given.headers, [_hooked(hook, item) for item in given.items]).serialize()

    return sent


def _hooked(hook: Hook, item: Item) -> Item:
    kind = str(item.headers["type"])
    if kind not in _HOOKED:
        return item
    payload = hook(kind, json.loads(item.get_bytes()))
    headers = {name: value for name, value in item.headers.items() if name not in ("type", "length")}
    return Item(PayloadRef(bytes=json.dumps(payload).encode()), headers=headers, type=kind)


def ours(given: Envelope) -> bytes:
    """The sanitiser of this program."""
    safe = sanitize_envelope(given)
    return b"" if safe is None else safe.serialize()


TOOLS: Final[dict[str, Callable[[Envelope], bytes]]] = {
    "this program": ours,
    f"sentry-sdk {version('sentry-sdk')}, as it is": by(stock),
    "its EventScrubber(recursive=True)": by(recursive),
    f"sentry-scrubber {version('sentry-scrubber')}": by(sentry_scrubber),
    f"Sentry's server defaults (relay {version('sentry-relay')})": by(server),
}


def planted() -> list[tuple[Envelope, list[Canary]]]:
    """Envelopes full of secrets, each with the list of its secrets."""
    cage = Cage()
    found = []
    for kind in KINDS:
        for forms, secrets in (((), cage.secret_fields), (DISGUISES, None)):
            filling = Filling(cage.planter(kind, *forms), secrets, who=kind not in OF_THE_MACHINE)
            before = len(cage.planted)
            given = envelope(filling)
            found.append((given, cage.planted[before:]))
    return found


def is_seen_by_hooks(canary: Canary) -> bool:
    """Whether a hook of the SDK receives the field."""
    return canary.place.split(".")[0].split(",")[0] in {
        "event", "transaction", "feedback", "check-in", "log", "metric", "span", "span alone",
    } and "item header" not in canary.place  # fmt: skip


def print_totals(secrets: list[Canary], left: dict[str, list[Canary]], times: dict[str, float]) -> None:
    """Print the planted and leaked secrets in items with and without hooks."""
    hooked = sum(map(is_seen_by_hooks, secrets))
    print(f"{'planted':<48}{hooked:>12}{len(secrets) - hooked:>12}{len(secrets):>12}\n")
    print(f"{'leaked by':<48}{'with hooks':>12}{'without':>12}{'all':>12}{'%':>8}{'ms/item':>10}")
    for tool, canaries in left.items():
        seen = sum(map(is_seen_by_hooks, canaries))
        share = 100 * len(canaries) / len(secrets)
        figures = f"{seen:>12}{len(canaries) - seen:>12}{len(canaries):>12}{share:>8.1f}{times[tool]:>10.2f}"
        print(f"{tool:<48}{figures}")


def print_kinds(secrets: list[Canary], left: dict[str, list[Canary]]) -> None:
    """Print the leaked percentage of each kind of secret in items with hooks, in the order of the tools."""
    of_kind = Counter(canary.kind for canary in secrets if is_seen_by_hooks(canary))
    print(
        f"\n{'% leaked where hooks see it, by kind':<48}"
        + "".join(f"{at:>8}" for at in range(1, len(left) + 1))
    )
    for kind, count in of_kind.items():
        leaks = [sum(c.kind == kind and is_seen_by_hooks(c) for c in canaries) for canaries in left.values()]
        print(f"{kind:<48}" + "".join(f"{100 * each / count:>8.1f}" for each in leaks))


def leaks_of(
    tool: Callable[[Envelope], bytes], given: list[tuple[Envelope, list[Canary]]]
) -> tuple[list[Canary], float]:
    """The leaked secrets, and the milliseconds per item."""
    envelopes = [copy.deepcopy(each) for each, _ in given]
    started = time.perf_counter()
    bodies = [tool(each) for each in envelopes]
    seconds = time.perf_counter() - started
    found = [
        canary
        for body, (_, secrets) in zip(bodies, given, strict=True)
        for canary in leaked(secrets, Received.of(body))
    ]
    return found, 1000 * seconds / sum(len(each.items) for each in envelopes)


def main() -> None:
    """Print the tables."""
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    left, times = {}, {}
    with on_the_machine_of_somebody():
        given = planted()
        for name, tool in TOOLS.items():
            left[name], times[name] = leaks_of(tool, given)
    secrets = [canary for _, canaries in given for canary in canaries]
    print_totals(secrets, left, times)
    print_kinds(secrets, left)


if __name__ == "__main__":
    main()
