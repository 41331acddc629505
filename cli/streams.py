"""The three standard streams if they are closed, or if output cannot be written."""

import io
import os
import sys


class Output(io.TextIOWrapper):
    """Standard output that keeps its first failure, because a later flush does not report it."""

    failure: OSError | None = None

    def write(self, text: str, /) -> int:
        """Write text. Raises :class:`OSError`."""
        try:
            return super().write(text)
        except OSError as failure:
            self.failure = failure
            raise

    def flush(self) -> None:
        """Write the buffer. Raises :class:`OSError`."""
        try:
            super().flush()
        except OSError as failure:
            self.failure = failure
            raise


def settle_streams() -> None:
    """Make every standard stream usable, and keep the failure of the output.

    ``/dev/null`` is opened on each standard descriptor that is closed: Python sets such a stream to
    ``None``, and the next opened file would get its number. Closed input then reads as empty, and closed
    error output discards messages. Closed output is opened for reading, so that a write to it fails: a lost
    answer must be an error.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest free number
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    plain = sys.stdout
    if plain is None:
        sys.stdout = Output(os.fdopen(1, "wb", closefd=False), encoding="utf-8")
    elif isinstance(plain, io.TextIOWrapper):
        sys.stdout = Output(
            plain.buffer, encoding=plain.encoding, errors=plain.errors,
            line_buffering=plain.line_buffering, write_through=plain.write_through,
        )  # fmt: skip


def output_failure() -> OSError | None:
    """Flush standard output, and return the failure of any write to it."""
    try:
        sys.stdout.flush()
    except OSError as failure:
        return failure
    return getattr(sys.stdout, "failure", None)


def silence(number: int) -> None:
    """Redirect a standard descriptor to ``/dev/null``.

    Python flushes the streams as it ends, and would print an error for a broken one.
    """
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
