"""Standard streams that are closed, full or gone: one sentence, the documented code, and what was done."""

import os
import subprocess
import sys

import pytest

from tests.support.accounts import PASSWORD
from tests.support.command_line import CommandLine

CREATE = "create-client --full-name 'Ada Martin' --email ada@client.example"
LOST = "The answer could not be written to standard output: "


def shell(line: str, *, unbuffered: bool = False, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """What a shell does with the line, in which ``PROGRAM`` is this program."""
    variables = {"PYTHONUNBUFFERED": "1" if unbuffered else ""}
    program = f"'{sys.executable}' -m cli.main"
    return subprocess.run(
        ["bash", "-c", line.replace("PROGRAM", program)],
        input=stdin, capture_output=True, text=True, env=os.environ | variables, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def signed_in(line: CommandLine) -> CommandLine:
    line.sign_in("claire_d")
    return line


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("PROGRAM login -u claire_d --password-stdin <&-", "--password-stdin: Give the password on standard"),
        (
            "PROGRAM login -u claire_d --password-stdin 0>/dev/null",
            "--password-stdin: Standard input cannot be",
        ),
        ("PROGRAM create-client <&-", "--full-name: This field is required."),
        ("PROGRAM <&- >/dev/null", "epicevents needs a terminal"),
        ("PROGRAM >&-", "epicevents needs a terminal"),
        ("PROGRAM list-clients >&-", f"[ERROR] {LOST}it is closed."),
        (
            "env -u PYTHONUNBUFFERED PROGRAM config >/dev/full",
            f"[ERROR] {LOST}no space is left on the device.",
        ),
        ("PROGRAM list-clients >/dev/full", f"[ERROR] {LOST}no space is left on the device."),
        ("PROGRAM list-clients --json </dev/null >&-", LOST),
        ("PROGRAM --help >/dev/full", f"[ERROR] {LOST}no space is left on the device."),
        ("PROGRAM --version >&-", f"[ERROR] {LOST}it is closed."),
        ("PROGRAM config >/dev/full", f"[ERROR] {LOST}no space is left on the device."),
    ],
)
def test_a_stream_that_cannot_be_used_is_one_sentence(
    signed_in: CommandLine, command: str, sentence: str
) -> None:
    # Unbuffered output fails at another place.
    shown = shell(command, unbuffered="full" in command)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert sentence in shown.stderr
    for trace in ("Traceback", "Unexpected", "Exception ignored"):
        assert trace not in shown.stderr


@pytest.mark.parametrize("quiet", ["", "--quiet "])
@pytest.mark.parametrize("output", [">/dev/full", ">&-"])
def test_after_a_write_it_is_said_what_was_done(signed_in: CommandLine, quiet: str, output: str) -> None:
    shown = shell(f"PROGRAM {quiet}{CREATE} {output}")
    assert shown.returncode == 2
    done, lost = shown.stderr.splitlines()[-2:]
    assert done == "[SUCCESS] Client 1 created."
    assert lost.startswith(f"[ERROR] {LOST}")
    assert len(signed_in.done("list-clients", "--json")) == 1


@pytest.mark.parametrize("errors", ["2>&-", "2>/dev/full"])
def test_messages_that_nobody_can_read_stop_nothing(signed_in: CommandLine, errors: str) -> None:
    shown = shell(f"PROGRAM {CREATE} --json {errors}")
    assert shown.returncode == 0
    assert '"full_name": "Ada Martin"' in shown.stdout


@pytest.mark.parametrize("unbuffered", [False, True])
def test_a_reader_that_has_read_enough_is_no_error(signed_in: CommandLine, unbuffered: bool) -> None:
    shown = shell("PROGRAM --quiet config --json | head -n 1; exit ${PIPESTATUS[0]}", unbuffered=unbuffered)
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "[\n", "")


def test_signing_in_needs_no_output(line: CommandLine) -> None:
    shown = shell("PROGRAM login -u claire_d --password-stdin >&-", stdin=f"{PASSWORD}\n")
    assert shown.returncode == 0
    assert "[SUCCESS]" in shown.stderr


def test_no_file_gets_the_number_of_a_closed_stream(signed_in: CommandLine) -> None:
    # What was printed would land in the file that is opened first: the database, or its lock.
    shell(f"PROGRAM {CREATE} <&- >&- 2>&-")
    assert len(signed_in.done("list-clients", "--json")) == 1
    assert signed_in.run("check").exit_code == 0
