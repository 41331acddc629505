"""Gives the spans of slow queries their own operation name and adds a breadcrumb for each."""

import time
from typing import Any, Final

import sentry_sdk
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

SLOW: Final = 0.1
"""Seconds from which a query is slow: up to 0.1 s a response feels immediate."""
OPERATION: Final = "db.slow_query"

_STARTED: Final = "_epicevents_started"


def watch() -> None:
    """Listen to every query of every engine. A second call has no effect."""
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
    # Sentry's own listener made the span. It may be finished, but it is sent with its transaction later.
    span = getattr(context, "_sentry_sql_span", None)
    if span is not None:
        span.op = OPERATION
    data = {"seconds": round(lasted, 3)}
    sentry_sdk.get_global_scope().add_breadcrumb(
        {"category": OPERATION, "message": statement, "level": "warning", "data": data}
    )
