"""The three standard streams if they are closed, or if output cannot be written."""

import io
import os
import sys


class Output(io.TextIOWrapper):
    """Standard output that remembers its failure, which no later flush would tell."""

    failure: OSError | None = None

    def write(self, text: str, /) -> int:
        """Write text. Raises :class:`OSError`."""
        try:
            return super().write(text)
        except OSError as failure:
            self.failure = failure
            raise

    def flush(self) -> None:
        """Write what is kept back. Raises :class:`OSError`."""
        try:
            super().flush()
        except OSError as failure:
            self.failure = failure
            raise


def settle_streams() -> None:
    """Make every standard stream usable, and have the output remember its failure.

    ``/dev/null`` is opened on each standard descriptor that is closed: Python sets such a stream to
    ``None``, and the next file that is opened would get its number. Closed input then reads as empty and
    closed error output swallows what is said. Closed output is opened for reading, so that a write to it
    fails: an answer that nobody gets must not pass for one that was given.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest number that is free
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
    """Why standard output could not be written, once all was flushed."""
    try:
        sys.stdout.flush()
    except OSError as failure:
        return failure
    return getattr(sys.stdout, "failure", None)


def silence(number: int) -> None:
    """Send what is still written to a standard descriptor to ``/dev/null``.

    Python flushes the streams once more as it ends, and would complain about a stream that fails.
    """
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
