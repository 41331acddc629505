"""Ctrl+C ends the program quietly, with the exit code of the shells, whatever it is doing."""

import signal
import subprocess
import sys
import time

import pytest

from tests.support.command_line import CommandLine
from tests.support.dispositions import default_signals

MODULE = (sys.executable, "-m", "cli.main")
BY_IMPORT = (sys.executable, "-m", "tests.support.interrupted_program")


def interrupted_at_import(number: int, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BY_IMPORT, str(number), *command],
        capture_output=True, text=True, timeout=60, check=False, preexec_fn=default_signals,
    )  # fmt: skip


@pytest.mark.parametrize("first", [1, 2, 3])
def test_an_interrupt_during_any_import_is_quiet(line: CommandLine, first: int) -> None:
    ends = set()
    for number in range(first, 500, 100):
        ended = interrupted_at_import(number, "list-clients")
        assert "Traceback" not in ended.stderr, number
        assert "KeyboardInterrupt" not in ended.stderr, number
        assert len(ended.stderr.splitlines()) <= 2, ended.stderr
        ends.add(ended.returncode)
    # The last moments are later than the command, which finds nobody signed in.
    assert 130 in ends
    assert ends <= {130, 3}


@pytest.mark.parametrize("command", [(), ("--version",), ("--help",), ("config",), ("login", "--json")])
def test_the_first_import_may_be_interrupted_in_each_way_in(
    line: CommandLine, command: tuple[str, ...]
) -> None:
    for number in (1, 4):
        ended = interrupted_at_import(number, *command)
        assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", ""), number


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_program_that_waits_for_its_input_ends_as_shells_expect(
    line: CommandLine, number: signal.Signals, code: int
) -> None:
    with subprocess.Popen(
        [*MODULE, "login", "-u", "claire_d", "--password-stdin"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=default_signals,
    ) as program:  # fmt: skip
        assert program.stderr is not None
        said = program.stderr.readline()  # it is past its start
        program.send_signal(number)
        said += program.stderr.read()
        ended = program.wait(30)
    assert b"Traceback" not in said
    assert (128 - ended if ended < 0 else ended) == code


def test_an_interrupt_at_any_moment_of_a_write_leaves_it_whole(line: CommandLine) -> None:
    with line.signed_in_as("claire_d"):
        command = [*MODULE, "create-client", "--full-name", "Ada Martin", "--email"]
        for number in range(6):
            with subprocess.Popen(
                [*command, f"c{number}@client.example"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=default_signals,
            ) as program:  # fmt: skip
                assert program.stderr is not None
                program.stderr.readline()  # the line about Sentry: from here on the database is opened
                time.sleep(number * 0.03)  # the moment is what is tried here
                program.send_signal(signal.SIGINT)
                said = program.stderr.read().decode()
            assert "Traceback" not in said
            # Python gives the signal back to the system in the last moments of a program.
            assert program.returncode in (0, 130, -signal.SIGINT), said
        assert line.done("check") == ""


def test_a_job_in_the_background_goes_on_ignoring_the_interrupt(line: CommandLine) -> None:
    # A shell without job control starts it so.
    ended = subprocess.run(
        ["bash", "-c", 'trap "" INT; exec "$@"', "bash", *BY_IMPORT, "5", "whoami"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 3
