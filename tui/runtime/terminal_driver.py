"""The terminal driver of Unix, hardened against malformed input and against exceptions of its own threads.

Textual 8 decodes the keyboard strictly: one byte that is not UTF-8 ends its input thread. No exception of a
driver thread reaches ``App._handle_exception``, and the application waits for ever for a writer thread that
died.
"""

import errno
import os
import signal
from codecs import getincrementaldecoder
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from selectors import EVENT_READ, SelectSelector
from typing import IO, Any, Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys
from textual.message import Message

TERMINAL_GONE: Final = frozenset({errno.EIO, errno.EPIPE, errno.EBADF})
"""Error numbers of a terminal after its window was closed."""
_CHUNK: Final = 4096
_PASTE_START: Final = "\x1b[200~"
_PASTE_END: Final = "\x1b[201~"
_SEQUENCE_STARTS: Final = "[O\x1b\x7f\t"
"""Characters after an Esc that begin a sequence of the terminal, or are one."""
_LOOK_UP: Final = 0.1
"""Seconds after which the input thread sees whether it should stop, as in Textual."""


def hardened(driver: type[Driver]) -> type[Driver]:
    """The hardened driver in place of Textual's own; any other driver as it is."""
    return HardenedDriver if driver is LinuxDriver else driver


def end_app(app: App[Any], error: BaseException) -> None:
    """Hand an exception to ``app._handle_exception``; from any thread, and from a signal handler."""
    try:
        if app._loop is None:
            raise RuntimeError
        app._loop.call_soon_threadsafe(_handle, app, error)
    except RuntimeError:  # the event loop has ended
        _handle(app, error)


def _handle(app: App[Any], error: BaseException) -> None:
    if not app._running or not app.call_later(app._handle_exception, error):
        app._handle_exception(error)  # type: ignore[arg-type]


def _is_terminal_gone(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in TERMINAL_GONE


class TolerantParser(XTermParser):
    """Ignores escape sequences that hold numbers at which Textual's parser fails.

    Textual takes an escape sequence within pasted text for keys and hands them out before the text. Here the
    text of a paste is gathered first and loses its escape characters.
    """

    def __init__(self, debug: bool = False) -> None:
        self._before = ""
        self._paste: str | None = None
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """The messages of more input; an empty text is its end."""
        if not data:
            yield from super().feed(data)
        while data:
            data = yield from self._up_to_paste(data) if self._paste is None else self._within_paste(data)

    def _up_to_paste(self, data: str) -> Generator[Message, None, str]:
        start = f"{self._before}{data}".find(_PASTE_START)
        if start < 0:
            self._before = f"{self._before}{data}"[1 - len(_PASTE_START) :]
            yield from super().feed(data)
            return ""
        end = start + len(_PASTE_START) - len(self._before)
        self._before, self._paste = "", ""
        yield from super().feed(data[:end])
        return data[end:]

    def _within_paste(self, data: str) -> Generator[Message, None, str]:
        text, end, rest = f"{self._paste}{data}".partition(_PASTE_END)
        self._paste = None if end else text
        if end:
            yield from super().feed(text.replace("\x1b", "") + end)
        return rest

    def tick(self) -> Iterable[Message]:
        """The messages of a key that nothing followed in time."""
        for message in super().tick():
            self._before = ""
            yield message

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        """The keys of a sequence. Esc and a character close together are that character with Alt.

        Textual takes some of these pairs for characters of the keyboards of macOS (Esc and 3 for "£"), and
        loses the Esc before a sign such as "/" or before Enter. ``alt`` says that an Esc came before.
        """
        second = sequence[-1:]
        if len(sequence) == 2 and sequence[0] == "\x1b" and second not in _SEQUENCE_STARTS:
            sequence, alt = second, True
        for key in super()._sequence_to_key_events(sequence):
            if alt and key.is_printable:
                yield events.Key(f"alt+{key.key}", key.character)
                continue
            if alt and key.key != Keys.Ignore:
                yield events.Key("escape", "\x1b")
            yield key

    def _parse_extended_key(  # type: ignore[override]  # Textual's has a cache around it
        self, sequence: str
    ) -> list[events.Key] | None:
        try:
            return super()._parse_extended_key(sequence)
        except (ValueError, OverflowError):
            return [events.Key(Keys.Ignore, sequence)]

    def parse_mouse_code(self, code: str) -> Message | None:
        """The event of a mouse sequence; ``None`` if the sequence is not valid."""
        try:
            return super().parse_mouse_code(code)
        except ArithmeticError:  # the terminal claimed to have no size
            return None


class PersistentWriter(WriterThread):
    """Reports an exception and goes on: the sequences that restore the terminal are written last."""

    def __init__(self, file: IO[str], failed: Callable[[BaseException], None]) -> None:
        super().__init__(file)
        self._failed = failed

    def run(self) -> None:
        """Write until the driver stops."""
        try:
            super().run()
        except BaseException as error:
            self._failed(error)
            while (text := self._queue.get()) is not None:
                with suppress(Exception):
                    self._file.write(text)
                    self._file.flush()


class HardenedDriver(LinuxDriver):
    """Reads bytes that are not UTF-8 as U+FFFD; exceptions of its threads and signals end the app.

    A terminal that is gone counts as SIGHUP, which the system sends to the session of that terminal only.
    """

    _writer: PersistentWriter | None = None

    @property
    def _writer_thread(self) -> WriterThread | None:
        return self._writer

    @_writer_thread.setter
    def _writer_thread(self, thread: WriterThread | None) -> None:
        # Textual makes the thread in the middle of a long method.
        self._writer = None if thread is None else PersistentWriter(thread._file, self._failed)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        resized = signal.getsignal(signal.SIGWINCH)
        if callable(resized):
            signal.signal(signal.SIGWINCH, self._guarded(resized))

    def _sigtstp_application(self, *given: object) -> None:
        self._guarded(super()._sigtstp_application)(*given)

    def _sigcont_application(self, *given: object) -> None:
        self._guarded(super()._sigcont_application)(*given)

    def _guarded(self, handler: Callable[..., object]) -> Callable[..., None]:
        """Wrap a signal handler: its exception ends the app, and does not surface within the event loop."""

        def guarded(*given: object) -> None:
            try:
                handler(*given)
            except Exception as error:
                self._failed(error)

        return guarded

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except BaseException as error:
            self._failed(error)

    def run_input_thread(self) -> None:
        """Read the keyboard until the driver stops."""
        parser = TolerantParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with SelectSelector() as selector:
            selector.register(self.fileno, EVENT_READ)
            while not self.exit_event.is_set():
                # A letter may come in two parts. The parser takes an empty text for the end of the input.
                if selector.select(_LOOK_UP) and (text := decode(self._read())):
                    self._process(parser.feed(text))
                self._process(parser.tick())

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def _read(self) -> bytes:
        data = os.read(self.fileno, _CHUNK)
        if not data:
            raise OSError(errno.EIO, "the terminal is gone")
        return data

    def _failed(self, error: BaseException) -> None:
        if not _is_terminal_gone(error):
            end_app(self._app, error)
        elif self._app._running and not self._app._exit:
            os.kill(os.getpid(), signal.SIGHUP)
