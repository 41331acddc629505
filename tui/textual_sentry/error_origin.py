"""Classifies, from its traceback, the part of Textual from which an exception came; reads no user data."""

from dataclasses import dataclass
from types import FrameType
from typing import Final

from textual.message import Message

DEFAULT_PATH: Final = "app"

_MESSAGES: Final = {
    "Load": "load",
    "Compose": "compose",
    "Mount": "mount",
    "Unmount": "unmount",
    "ScreenResume": "resume",
    "ScreenSuspend": "suspend",
}
_CODE: Final = {
    ("textual.app", "app_prelude"): "css",
    ("textual.app", "_on_compose"): "compose",
    ("textual.widget", "_compose"): "compose",
    ("textual.widget", "_message_loop_exit"): "unmount",
    ("textual.app", "_dispatch_action"): "action",
    ("textual.app", "_display"): "render",
    ("textual.app", "run_callback"): "call_from_thread",
    ("textual.command", "_search"): "command",
    ("textual.message_pump", "_flush_next_callbacks"): "callback",
    ("textual.message_pump", "on_callback"): "callback",
    ("textual.reactive", "await_watcher"): "watch",
    ("textual.reactive", "invoke_watcher"): "watch",
    ("textual.screen", "_invoke_and_clear_callbacks"): "callback",
    ("textual.screen", "_refresh_layout"): "render",
    ("textual.signal", "publish"): "signal",
    ("textual.timer", "_tick"): "timer",
    ("textual.widgets._input", "validate"): "validator",
    ("textual.worker", "_run"): "worker",
}
_DRIVER: Final = frozenset(
    {"run_input_thread", "on_terminal_resize", "_sigtstp_application", "_sigcont_application"}
)
"""Threads and signal handlers of drivers, by function name, so that third-party drivers match too."""
_REACTIVE_METHODS: Final = ("watch", "validate", "compute")


@dataclass(frozen=True)
class Origin:
    """The path as one word, and the class of the message that was being handled, if any."""

    path: str = DEFAULT_PATH
    message: str = ""


def origin_of(error: BaseException) -> Origin:
    """The origin of the exception in Textual. The innermost path counts, as of a watcher in an action."""
    origin = Origin()
    trace = error.__traceback__
    came_from = ""
    while trace is not None:
        frame = trace.tb_frame
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("textual."):
            origin = _in_textual(frame, module, origin)
        elif frame.f_code.co_name in _DRIVER:
            origin = Origin("driver")
        elif came_from == "textual.reactive":
            origin = Origin(_reactive_path(frame.f_code.co_name) or origin.path, origin.message)
        came_from = module
        trace = trace.tb_next
    return origin


def _in_textual(frame: FrameType, module: str, known: Origin) -> Origin:
    name = frame.f_code.co_name
    if name in ("_dispatch_message", "_on_message"):
        return _of_message(frame) or known
    if name in _DRIVER or module == "textual.drivers._writer_thread":
        return Origin("driver")
    if module == "textual._compositor":
        return Origin("render", known.message)
    if module.startswith("textual.css."):
        return Origin("css", known.message)
    path = _CODE.get((module, name))
    return Origin(path, known.message) if path else known


def _of_message(frame: FrameType) -> Origin | None:
    message = frame.f_locals.get("message")
    if not isinstance(message, Message):
        return None
    name = type(message).__qualname__
    return Origin(_MESSAGES.get(name, "handler"), name)


def _reactive_path(function: str) -> str | None:
    kind = function.lstrip("_").partition("_")[0]
    return kind if kind in _REACTIVE_METHODS else None
