"""Slow queries get a name of their own among the spans."""

import time
from typing import Any, Final

import sentry_sdk
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

SLOW: Final = 0.1
"""Seconds from which on a query is slow: as long as a person takes for at once."""
OPERATION: Final = "db.slow_query"

_STARTED: Final = "_epicevents_started"


def watch() -> None:
    """Look at every query of every engine from now on. Doing it twice looks once."""
    if not event.contains(Engine, "before_cursor_execute", _before):
        event.listen(Engine, "before_cursor_execute", _before)
        event.listen(Engine, "after_cursor_execute", _after)


def _before(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    if context is not None:
        setattr(context, _STARTED, time.perf_counter())


def _after(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    started = getattr(context, _STARTED, None)
    if started is None or (lasted := time.perf_counter() - started) < SLOW:
        return
    # Sentry's own listener has made the span, whose end it may have noted already; it is sent only later.
    span = getattr(context, "_sentry_sql_span", None)
    if span is not None:
        span.op = OPERATION
    data = {"seconds": round(lasted, 3)}
    sentry_sdk.get_global_scope().add_breadcrumb(
        {"category": OPERATION, "message": statement, "level": "warning", "data": data}
    )
