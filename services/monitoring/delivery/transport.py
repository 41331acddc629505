"""The Sentry transport: it scrubs each envelope and writes it to the spool, and a thread sends it.

When ``capture_*`` of the SDK returns, the event is a file and survives a kill of the process.
"""

import gzip
import hashlib
import logging
import os
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Final

import urllib3
from sentry_sdk.consts import EndpointType
from sentry_sdk.envelope import Envelope, Item
from sentry_sdk.transport import HttpTransport

from services.monitoring.delivery.deadlines import Lease, leased
from services.monitoring.delivery.rate_limits import RateLimits
from services.monitoring.delivery.sender import THREAD, Answer, Problem, Sender, Unanswered
from services.monitoring.delivery.spool import PRECIOUS, Spool, category_of
from services.monitoring.envelope import sanitizer, serialization

TIMEOUT: Final = urllib3.Timeout(total=8.0, connect=3.0, read=5.0)
LONGEST_EXCHANGE: Final = 12.0
"""Seconds after which a request is aborted. A server that sends byte by byte never hits a read timeout."""
_MAX_ANSWER: Final = 65_536
_UNSUPPORTED: Final = 415
_NOISY_LOGGERS: Final = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
)


def spooling_in(state_folder: Path) -> "type[SpoolTransport]":
    """The transport class that keeps its files in this folder, for ``sentry_sdk.init(transport=…)``."""

    class PlacedTransport(SpoolTransport):
        folder = state_folder / "telemetry"

    return PlacedTransport


class SpoolTransport(HttpTransport):
    """Sends through a spool. The SDK's base class handles proxies, certificates and the DSN key."""

    folder: ClassVar[Path]

    def __init__(self, options: dict[str, Any]) -> None:
        self._lease = Lease()
        self._compresses = True
        super().__init__(options)
        # One folder for each DSN: an event is sent only to the server that it was captured for.
        server = hashlib.sha256(str(options["dsn"]).encode()).hexdigest()[:16]
        self._spool = Spool(self.folder / server)
        self._limits = RateLimits(self._spool.folder / "limits.json")
        self._sender = Sender(self._spool, self._limits, self._post, self._lost)
        _watch_forks(self)
        for logger in _NOISY_LOGGERS:
            logging.getLogger(logger).addFilter(_not_from_the_sender)
        if self._spool.waiting():
            self._sender.wake()

    def capture_envelope(self, envelope: Envelope) -> None:
        """Sanitise the envelope, write it to the spool and wake the sender. Never raises."""
        try:
            safe = sanitizer.sanitize_envelope(envelope, self._lost)
            if safe is None:
                return
            report = self._fetch_pending_client_report(interval=30)
            self._keep(safe, report)
        except Exception:
            self._drop(envelope)

    def _keep(self, envelope: Envelope, report: Item | None) -> None:
        category = serialization.category_of_envelope(envelope)
        if category not in PRECIOUS and self._limits.names(category):
            for item in envelope.items:
                self._lost("ratelimit_backoff", item)
            return
        if report is not None:
            envelope.add_item(report)
        self._spool.put(envelope.serialize(), category, str(envelope.headers.get("event_id") or ""))
        self._sender.wake()

    def _drop(self, envelope: Envelope) -> None:
        with suppress(Exception):
            for item in envelope.items:
                self._lost("internal_sdk_error", item)

    def _lost(self, reason: str, item: Item) -> None:
        with suppress(Exception):
            self.record_lost_event(reason, item=item)

    def flush(self, timeout: float, callback: object = None) -> None:
        """Wait up to ``timeout`` seconds until every envelope was tried once. ``callback`` is not called."""
        if timeout <= 0:
            return
        try:
            self._flush_client_reports(force=True)
            self._sender.flush(timeout)
        except KeyboardInterrupt:
            # During shutdown Ctrl+C means: exit at once. The spool keeps the envelopes.
            if threading.main_thread().is_alive():
                raise

    def kill(self) -> None:
        """Stop sending. The next process sends the queued envelopes."""
        self._sender.stop()
        self._pool.clear()

    def is_healthy(self) -> bool:
        """Whether the last attempt succeeded; otherwise the SDK lowers its sample rate."""
        return self.last_problem == "none"

    def queued(self) -> int:
        """The number of envelopes that are waiting for this server."""
        return len(self._spool.waiting())

    def recent(self) -> list[bytes]:
        """The last sent envelopes, the newest first, exactly as sent."""
        return self._spool.recent()

    @property
    def last_problem(self) -> Problem:
        """The reason why the last attempt failed; ``none`` if it succeeded."""
        held = (self._limits.until(category_of(path)) for path in self._spool.waiting())
        if self._sender.problem == "none" and any(held):
            return "rate_limited"
        return self._sender.problem

    @property
    def last_status(self) -> int | None:
        """The HTTP status of the last answer, if there was one."""
        return self._sender.status

    def delivered(self, event_id: str, timeout: float) -> bool | None:
        """Whether the server accepted this event; ``None`` if that is not known after ``timeout`` seconds.

        In that case the event stays in the spool and is sent later.
        """
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            everything_tried = self._sender.flush(left)
            known = self._outcome(event_id)
            if known is not None or (everything_tried and self.last_problem != "none"):
                return known
            time.sleep(0.02)  # another process may be sending it at the moment
        return self._outcome(event_id)

    def _outcome(self, event_id: str) -> bool | None:
        if self._spool.was_sent(event_id):
            return True
        return False if self._sender.was_refused(event_id) else None

    def _make_pool(self) -> Any:
        pool = super()._make_pool()
        pools = pool.pool_classes_by_scheme
        pool.pool_classes_by_scheme = {scheme: leased(kind, self._lease) for scheme, kind in pools.items()}
        return pool

    def _post(self, body: bytes) -> Answer:
        answer = self._ask(body)
        if answer.status == _UNSUPPORTED and self._compresses:
            self._compresses = False  # for this run: the server or a proxy does not support gzip
            answer = self._ask(body)
        return answer

    def _ask(self, body: bytes) -> Answer:
        headers = {"Content-Type": "application/x-sentry-envelope"}
        if self._compresses:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        self._update_headers(headers)
        url = self._auth.get_api_url(EndpointType.ENVELOPE)
        try:
            with self._lease.ending_after(LONGEST_EXCHANGE):
                # No retries and no redirects: the sender decides about both.
                response = self._pool.request(
                    "POST", url, body=body, headers=headers,
                    retries=False, redirect=False, preload_content=False, timeout=TIMEOUT,
                )  # fmt: skip
                return _answer(response)
        except urllib3.exceptions.NewConnectionError:
            raise Unanswered("unreachable") from None
        except (urllib3.exceptions.TimeoutError, TimeoutError):
            raise Unanswered("timeout") from None
        except Exception:
            raise Unanswered("unreachable") from None

    def _after_fork(self) -> None:
        """Replace the connections, the locks and the thread, which belong to the parent process."""
        self._pool = self._make_pool()
        self._spool.after_fork()
        self._sender.after_fork()


def _not_from_the_sender(record: logging.LogRecord) -> bool:
    """A logging filter: urllib3's warnings about our requests must not be written over the terminal."""
    return record.threadName != THREAD


def _answer(response: urllib3.BaseHTTPResponse) -> Answer:
    try:
        start = response.read(_MAX_ANSWER)
    finally:
        if not response.closed:
            response.close()
    # The HTML page of a captive portal or of a proxy has status 200 as well.
    from_sentry = start.lstrip()[:1] != b"<"
    return Answer(response.status, response.headers, from_sentry)


def _watch_forks(transport: SpoolTransport) -> None:
    if not hasattr(os, "register_at_fork"):
        return
    known = weakref.ref(transport)

    def in_child() -> None:
        alive = known()
        if alive is not None:
            alive._after_fork()

    os.register_at_fork(after_in_child=in_child)
