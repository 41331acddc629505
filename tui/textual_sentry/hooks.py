"""Monkey-patches of Textual 8 internals. Every hook calls the original method; none runs for each message.

The hooks are installed once per process. Each call looks up the integration of the active client.
"""

import asyncio
import signal as signals
import sys
from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Any, Protocol

import sentry_sdk.scope
from sentry_sdk.integrations import DidNotEnable
from sentry_sdk.scope import Scope
from textual import signal
from textual._context import active_app
from textual.app import App
from textual.command import Provider
from textual.driver import Driver
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Button
from textual.worker import Worker, WorkerState

from .breadcrumbs import Breadcrumbs
from .event_capture import Reports
from .tracing import Traces


class Watching(Protocol):
    """The integration as the hooks call it; see ``TextualIntegration``."""

    app: App[Any] | None
    reports: Reports
    breadcrumbs: Breadcrumbs
    traces: Traces

    def attach(self, app: App[Any]) -> None: ...
    def first_screen_shown(self, app: App[Any]) -> None: ...
    def crashed(self, app: App[Any], error: BaseException) -> None: ...
    def panicked(self, app: App[Any], handled: BaseException | None) -> None: ...
    def driver_failed(self, app: App[Any] | None, error: BaseException) -> None: ...
    async def detach(self, app: App[Any]) -> None: ...


Current = Callable[[], Watching | None]
Anything = Callable[..., Any]
Hook = Callable[[Anything, Current], Anything]
"""Makes the replacement of a method; gets the method and the function that finds the integration."""

_NO_ERRORS = (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt, SystemExit)
"""Exceptions that end code on purpose and are no errors."""


def install(current: Current) -> None:
    """Patch Textual's classes. Raises ``DidNotEnable`` if one lacks a method of Textual 8."""
    for owner, name, hook in (
        *_of_drivers(),
        (App, "panic", _before(lambda watching, app, *_: watching.panicked(app, sys.exc_info()[1]))),
        (MessagePump, "_process_messages", _escaping()),
        (App, "_build_driver", _before(lambda watching, app, *_: watching.attach(app))),
        (App, "_handle_exception", _fatal),
        (App, "_process_messages", _escaping()),
        (App, "_shutdown", _escaping("unmount", ends_app=True)),
        (App, "_dispatch_action", _before(_action_started)),
        (App, "_display", _after(_painted)),
        (App, "_init_mode", _after(_first_screen_shown)),
        (App, "push_screen", _before(_screen_requested)),
        (App, "switch_screen", _before(_screen_requested)),
        (App, "switch_mode", _before(_screen_requested)),
        (Widget, "_message_loop_exit", _escaping("unmount")),
        (Worker, "_start", _after(lambda watching, worker, *_: watching.traces.worker_started(worker))),
        (Worker, "_run", _worker_run),
        (Worker, "_run_threaded", _before(_thread_started)),
        (Provider, "_post_init", _provider_step("startup")),
        (Provider, "_shutdown", _provider_step("shutdown")),
        (Provider, "_search", _provider_search),
        (Button, "press", _before(_pressed)),
    ):
        original = getattr(owner, name, None)
        if original is None:
            raise DidNotEnable(f"Textual has no {owner.__name__}.{name} any more")
        setattr(owner, name, wraps(original)(hook(original, current)))
    signal.log = _SignalLog(signal.log, current)  # type: ignore[attr-defined, assignment]


def _of_drivers() -> list[tuple[type, str, Hook]]:
    """Hooks of driver threads and signal handlers, whose exceptions bypass ``App._handle_exception``."""
    if sys.platform == "win32":
        return []
    from textual.drivers._writer_thread import WriterThread
    from textual.drivers.linux_driver import LinuxDriver
    from textual.drivers.linux_inline_driver import LinuxInlineDriver

    return [
        (WriterThread, "run", _driver_thread),
        *((driver, "run_input_thread", _driver_thread) for driver in (LinuxDriver, LinuxInlineDriver)),
        *((driver, "start_application_mode", _driver_start) for driver in (LinuxDriver, LinuxInlineDriver)),
    ]


def share_scope() -> None:
    """Make the isolation scope of this context the default of every task and thread without its own.

    Needed only if the SDK starts while the app runs: the SDK cannot set a scope in the contexts of existing
    tasks and threads. A scope that a task enters itself still takes precedence.
    """
    home = Scope.get_isolation_scope()
    shared = type(sentry_sdk.scope._isolation_scope)("isolation_scope", default=home)
    setattr(sentry_sdk.scope, "_isolation_scope", shared)  # noqa: B010


def watch_loop(loop: asyncio.AbstractEventLoop, current: Current) -> None:
    """Report the exceptions of callbacks and of tasks without a waiter, which reach the loop's handler."""
    before = loop.get_exception_handler()
    if getattr(before, "reports_to_sentry", False):
        return

    def handler(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if (integration := current()) is not None:
            integration.reports.capture_nonfatal(integration.app, context.get("exception"), "loop")
        if before is not None:
            before(loop, context)
        else:
            loop.default_exception_handler(context)

    handler.reports_to_sentry = True  # type: ignore[attr-defined]
    loop.set_exception_handler(handler)


def _before(tell: Callable[..., object]) -> Hook:
    """Tell the integration of a call and its arguments, then make the call."""

    def wrap(original: Anything, current: Current) -> Anything:
        def hook(*args: Any, **kwargs: Any) -> Any:
            if (integration := current()) is not None:
                tell(integration, *args)
            return original(*args, **kwargs)

        return hook

    return wrap


def _after(tell: Callable[..., object]) -> Hook:
    """Make a call, then tell the integration of it and its arguments."""

    def wrap(original: Anything, current: Current) -> Anything:
        def hook(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if (integration := current()) is not None:
                tell(integration, *args)
            return result

        return hook

    return wrap


def _action_started(watching: Watching, _app: App[Any], namespace: Any, name: str, *_: Any) -> None:
    watching.breadcrumbs.action_started(namespace, name)


def _first_screen_shown(watching: Watching, app: App[Any], mode: str) -> None:
    # For the first screen of the app or mode Textual publishes no change of screen.
    if mode == app._current_mode:
        watching.first_screen_shown(app)


def _screen_requested(watching: Watching, *_: Any) -> None:
    watching.traces.screen_requested()


def _painted(watching: Watching, app: App[Any], screen: Any, renderable: Any) -> None:
    if renderable is not None and not app._batch_count:
        watching.traces.screen_painted(screen)


def _pressed(watching: Watching, button: Button) -> None:
    if button.display and not button.disabled:
        watching.breadcrumbs.button_pressed(button)


def _thread_started(watching: Watching, worker: Worker[Any]) -> None:
    worker._work = watching.traces.wrap_thread_worker(worker) or worker._work


def _fatal(original: Anything, current: Current) -> Anything:
    def hook(app: App[Any], error: Exception) -> None:
        if (integration := current()) is not None:
            if integration.reports.drawing:
                return  # raised by a widget while the wireframe of the report is drawn
            integration.crashed(app, error)
        original(app, error)

    return hook


def _driver_thread(original: Anything, current: Current) -> Anything:
    def hook(thread: Any) -> None:
        try:
            original(thread)
        except Exception as error:
            _driver_failed(thread, error, current)
            raise

    return hook


def _driver_start(original: Anything, current: Current) -> Anything:
    def hook(driver: Driver) -> None:
        original(driver)
        watch_signals(driver, current)

    return hook


def watch_signals(driver: Driver, current: Current) -> None:
    """Report exceptions of the driver's signal handlers, which surface at any place in the event loop."""
    for number in (signals.SIGWINCH, signals.SIGTSTP, signals.SIGCONT):
        handler = signals.getsignal(number)
        if callable(handler) and not getattr(handler, "reports_to_sentry", False):
            signals.signal(number, _watched_handler(handler, driver, current))


def _watched_handler(handler: Anything, driver: Driver, current: Current) -> Anything:
    def watched(*given: Any) -> None:
        try:
            handler(*given)
        except Exception as error:
            _driver_failed(driver, error, current)
            raise

    watched.reports_to_sentry = True  # type: ignore[attr-defined]
    return watched


def _driver_failed(owner: Any, error: Exception, current: Current) -> None:
    if (integration := current()) is not None:
        integration.driver_failed(getattr(owner, "_app", None), error)


def _escaping(path: str | None = None, *, ends_app: bool = False) -> Hook:
    """Report exceptions that leave this coroutine, since Textual handles them nowhere."""

    def wrap(original: Anything, current: Current) -> Anything:
        async def hook(node: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return await original(node, *args, **kwargs)
            except BaseException as error:
                if not isinstance(error, _NO_ERRORS) and (integration := current()) is not None:
                    integration.reports.capture_fatal(active_app.get(None), error, path)
                raise
            finally:
                if ends_app and (integration := current()) is not None:
                    await integration.detach(node)

        return hook

    return wrap


def _worker_run(original: Anything, current: Current) -> Anything:
    async def hook(worker: Worker[Any], app: App[Any]) -> None:
        try:
            await original(worker, app)
        except BaseException as error:
            if not isinstance(error, _NO_ERRORS) and (integration := current()) is not None:
                integration.reports.capture_fatal(app, error)
            raise
        failed_quietly = worker.state is WorkerState.ERROR and not worker.exit_on_error
        if failed_quietly and (integration := current()) is not None:
            integration.reports.capture_nonfatal(app, worker.error, handled=True)

    return hook


def _provider_step(name: str) -> Hook:
    """Report exceptions of a command provider's method, which Textual only writes to its log."""

    def wrap(original: Anything, current: Current) -> Anything:
        def hook(provider: Provider) -> Any:
            if current() is not None:
                setattr(provider, name, _reported(getattr(provider, name), provider, current))
            return original(provider)

        return hook

    return wrap


def _reported(step: Anything, provider: Provider, current: Current) -> Anything:
    async def watched() -> None:
        try:
            await step()
        except Exception as error:
            if (integration := current()) is not None:
                integration.reports.capture_nonfatal(provider.app, error, "command", handled=True)
            raise

    return watched


def _provider_search(original: Anything, current: Current) -> Anything:
    async def hook(provider: Provider, query: str) -> AsyncIterator[Any]:
        try:
            async for hit in original(provider, query):
                yield hit
        except Exception as error:
            if (integration := current()) is not None:
                integration.reports.capture_nonfatal(provider.app, error, "command", handled=True)
            raise

    return hook


class _SignalLog:
    """A proxy of the log of ``textual.signal``, which alone receives exceptions of immediate callbacks."""

    def __init__(self, log: Any, current: Current) -> None:
        self._log = log
        self._current = current

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def error(self, *args: object, **kwargs: Any) -> None:
        """Report the exception being handled, then log it."""
        if (integration := self._current()) is not None:
            integration.reports.capture_nonfatal(
                active_app.get(None), sys.exc_info()[1], "signal", handled=True
            )
        self._log.error(*args, **kwargs)
