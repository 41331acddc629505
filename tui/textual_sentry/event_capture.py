"""Captures each exception of a Textual app as exactly one Sentry event."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from threading import get_ident
from typing import Any, Final

import sentry_sdk
from sentry_sdk.attachments import Attachment
from sentry_sdk.utils import event_from_exception
from textual.app import App
from textual.content import Content
from textual.css.stylesheet import StylesheetParseError
from textual.worker import WorkerFailed

from .breadcrumbs import Breadcrumbs
from .error_origin import Origin, origin_of
from .wireframe import masked_wireframe
from .worker_thread import Background, harmless

SEEN_ATTRIBUTE: Final = "_sentry_seen_event_id"
"""Attribute of an exception for which the SDK has built an event, with its id; a second event is dropped."""
Place = tuple[type, object, int]
_TEXTUAL_VERSION: Final = version("textual")
_PENDING: Final = "_sentry_pending"
_LONGEST_WAIT: Final = 1.0
_LONGEST_DRAWING: Final = 0.5


class Reports:
    """Builds and captures events; reads the current screen and action from the breadcrumbs."""

    def __init__(
        self,
        breadcrumbs: Breadcrumbs,
        background: Background,
        *,
        may_report: Callable[[BaseException], bool],
        wireframe: bool,
    ) -> None:
        self._breadcrumbs = breadcrumbs
        self._background = background
        self._may_report = may_report
        self._wireframe = wireframe
        self.drawing = False
        """Whether a wireframe is being drawn; an exception of a widget is then not reported."""
        self._ends: set[Place] = set()

    def start(self) -> None:
        """Start with another app."""
        self._ends.clear()

    @property
    def has_reported_end(self) -> bool:
        """Whether an exception that ends the app was reported."""
        return bool(self._ends)

    @harmless
    def capture_fatal(self, app: App[Any] | None, error: BaseException, path: str | None = None) -> None:
        """Report synchronously an exception that ends the app, with the wireframe. Never raises.

        An exception raised while the app is already ending follows from the first one and is not reported.
        """
        error = real_error(error)
        first = getattr(app, "_exception", None)
        if first is not None and real_error(first) is not error:
            return
        if not self._is_known(error) and self._may_report(error):
            self._ends.add(_place(error))
            origin = _origin(error, path)
            hint = {"attachments": self._attachments(app)}
            _capture(error, _mechanism(origin, False), self._facts(app, origin), hint)

    @harmless
    def capture_panic(self, app: App[Any]) -> None:
        """Report a call of ``App.panic`` without an exception; its text is not sent. Never raises."""
        error = RuntimeError("App.panic")
        self.capture_fatal(app, error, "panic")

    @harmless
    def capture_nonfatal(
        self,
        app: App[Any] | None,
        error: BaseException | None,
        path: str | None = None,
        handled: bool = False,
    ) -> None:
        """Report, in a thread, an exception after which the app continues. Never raises."""
        error = real_error(error) if error is not None else None
        if error is None or self._is_known(error) or not self._may_report(error):
            return
        origin = _origin(error, path)
        work = partial(_capture, error, _mechanism(origin, handled), self._facts(app, origin), {})
        setattr(error, _PENDING, None)
        setattr(error, _PENDING, self._background.run(work))

    def _is_known(self, error: BaseException) -> bool:
        known = vars(error) if hasattr(error, "__dict__") else {}
        pending = known.get(_PENDING)
        if isinstance(pending, Future):
            pending.result(_LONGEST_WAIT)  # so that the exception has its event id afterwards
        if _PENDING in known or SEEN_ATTRIBUTE in known:
            return True
        return self._repeats(error)

    def _repeats(self, error: BaseException) -> bool:
        """Whether the line that ended the app raises again during shutdown, as a compute method may."""
        if _place(error) not in self._ends:
            return False
        with suppress(Exception):
            setattr(error, SEEN_ATTRIBUTE, "")
        return True

    def _attachments(self, app: App[Any] | None) -> list[Attachment]:
        if not self._wireframe or app is None:
            return []
        self.drawing = True
        try:
            text = _draw_wireframe(app)
        finally:
            self.drawing = False
        if not text:
            return []
        return [Attachment(bytes=text.encode(), filename="wireframe.txt", content_type="text/plain")]

    def _facts(self, app: App[Any] | None, origin: Origin) -> dict[str, str]:
        """The context of the event: class names, sizes and the terminal, no user data."""
        facts = {
            "screen": self._breadcrumbs.screen,
            "last_action": self._breadcrumbs.last_action,
            "path": origin.path,
            "message": origin.message,
            "textual": _TEXTUAL_VERSION,
            "terminal": os.environ.get("TERM_PROGRAM") or os.environ.get("TERM") or "",
        }
        if app is not None:
            facts |= _facts_of_app(app)
        return {name: value for name, value in facts.items() if value}


def _draw_wireframe(app: App[Any]) -> str:
    """The wireframe, drawn on the event loop; empty if the loop does not answer in ``_LONGEST_DRAWING``."""
    if app._loop is None or app._thread_id == get_ident():
        return masked_wireframe(app)

    async def draw() -> str:
        with app._context():
            return masked_wireframe(app)

    with suppress(Exception):
        return asyncio.run_coroutine_threadsafe(draw(), app._loop).result(_LONGEST_DRAWING)
    return ""


def real_error(error: BaseException) -> BaseException:
    """The exception of a failed worker, since ``WorkerFailed`` has neither traceback nor cause."""
    return error.error if isinstance(error, WorkerFailed) else error


def drop_repeated(event: Any, hint: Any) -> Any:
    """An event processor that drops a second event of one exception."""
    error = ((hint or {}).get("exc_info") or (None, None, None))[1]
    known = getattr(error, SEEN_ATTRIBUTE, None)
    if known is not None and known != event.get("event_id"):
        return None
    if error is not None and known is None:
        with suppress(Exception):  # an exception with slots takes no attribute
            setattr(error, SEEN_ATTRIBUTE, event.get("event_id"))
    return event


def _place(error: BaseException) -> Place:
    """The kind of the exception and the line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (type(error), trace.tb_frame.f_code if trace else None, trace.tb_lineno if trace else 0)


def _origin(error: BaseException, path: str | None) -> Origin:
    origin = origin_of(error)
    return Origin(path, origin.message) if path else origin


def _mechanism(origin: Origin, handled: bool) -> dict[str, Any]:
    data = {"path": origin.path} | ({"message": origin.message} if origin.message else {})
    return {"type": f"textual.{origin.path}", "handled": handled, "data": data}


def _capture(
    error: BaseException, mechanism: dict[str, Any], facts: dict[str, str], hint: dict[str, Any]
) -> None:
    options = sentry_sdk.get_client().options
    event, exc_hint = event_from_exception(error, client_options=options, mechanism=mechanism)
    event.setdefault("contexts", {})["textual"] = {**facts}
    if isinstance(error, StylesheetParseError):
        event["exception"]["values"][-1]["value"] = _text_of(error)
    if "screen" in facts:
        event.setdefault("tags", {})["screen"] = facts["screen"]
        event["transaction"] = facts["screen"]
        event["transaction_info"] = {"source": "component"}
    sentry_sdk.capture_event(event, hint={**exc_hint, **hint})


def _text_of(error: StylesheetParseError) -> str:
    """The positions and messages of the style sheet errors, which the exception only renders."""
    found = []
    for token, message in (problem for rule in error.errors.rules for problem in rule.errors):
        line, column = (token.referenced_by or token).location
        summary = str(getattr(message, "summary", message))
        file = os.path.basename(token.read_from[0]) or token.read_from[1]
        found.append(f"{file}:{line + 1}:{column + 1}: {Content.from_markup(summary).plain}")
    return "\n".join(dict.fromkeys(found))


def _facts_of_app(app: App[Any]) -> dict[str, str]:
    facts: dict[str, str] = {}
    with suppress(Exception):
        facts["screen"] = type(app.screen).__name__
    with suppress(Exception):
        facts["focused"] = type(app.focused).__name__ if app.focused is not None else ""
    with suppress(Exception):
        facts["size"] = f"{app.size.width}x{app.size.height}"
    with suppress(Exception):
        facts["color_system"] = app.console.color_system or ""
    return facts
