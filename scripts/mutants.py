"""Breaks one rule of the program at a time and checks that a test fails; run by ``make mutants``.

``mutants.toml`` lists the mutants: the module, the exact text to replace, its replacement, and the tests that
must fail. Each mutant runs in a copy of the tree; the tree itself is not changed. First, all named tests must
pass on an unchanged copy.

Exit code: 0 if every mutant is killed, 1 if one survives or cannot be tried, 2 if the tests fail without a
mutant.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
TABLE: Final = Path(__file__).with_suffix(".toml")
LONGEST: Final = 600
"""Seconds for the tests of one mutant, and for each of them some in the trial without a mutant."""
_TESTS_FAILED: Final = 1
_ALL_PASSED: Final = 0
_NOT_COPIED: Final = shutil.ignore_patterns(".git", ".venv", "dist", "__pycache__", ".*_cache", ".hypothesis")
_FAILED_TEST: Final = re.compile(r"^FAILED (\S+)", re.MULTILINE)


class Fate(StrEnum):
    """The result of trying a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    ERROR = "error"


@dataclass(frozen=True)
class Mutant:
    """One broken rule: ``old`` occurs exactly once in ``file`` and becomes ``new``; ``tests`` must fail."""

    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """The fate of a mutant, and the test or the reason."""

    mutant: Mutant
    fate: Fate
    remark: str


def read_table(path: Path, words: Sequence[str]) -> list[Mutant]:
    """The mutants with each of the words in their rule or file."""
    with path.open("rb") as file:
        rows = tomllib.load(file)["mutant"]
    mutants = [Mutant(**row | {"tests": tuple(row["tests"])}) for row in rows]
    return [each for each in mutants if all(word in f"{each.file} {each.rule}" for word in words)]


def run_tests(
    tree: Path, tests: Sequence[str], *options: str, patience: int
) -> subprocess.CompletedProcess[str]:
    """Run the tests in this copy of the tree. Raises :class:`subprocess.TimeoutExpired`."""
    # Import neither from the tree itself nor from bytecode of another mutant.
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "--no-header", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *options, *tests], cwd=tree, env=environment, timeout=patience, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def try_mutant(mutant: Mutant, tree: Path) -> Result:
    """Run the tests of a mutant in a copy of the tree, and restore the copy afterwards."""
    module = tree / mutant.file
    source = module.read_text(encoding="utf-8")
    if (found := source.count(mutant.old)) != 1:
        return Result(mutant, Fate.ERROR, f"the text stands in {mutant.file} {found} times instead of once")
    shutil.rmtree(module.parent / "__pycache__", ignore_errors=True)
    module.write_text(source.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return _judge(mutant, run_tests(tree, mutant.tests, "-x", patience=LONGEST))
    except subprocess.TimeoutExpired:
        return Result(mutant, Fate.ERROR, f"the tests took more than {LONGEST} s")
    finally:
        module.write_text(source, encoding="utf-8")
        shutil.rmtree(module.parent / "__pycache__", ignore_errors=True)


def _judge(mutant: Mutant, done: subprocess.CompletedProcess[str]) -> Result:
    failed = _FAILED_TEST.search(done.stdout)
    if done.returncode == _TESTS_FAILED and failed:
        return Result(mutant, Fate.KILLED, failed[1])
    if done.returncode == _ALL_PASSED:
        return Result(mutant, Fate.SURVIVED, ", ".join(mutant.tests))
    # Tests that did not run (not found, import error, no database) prove nothing about the rule.
    return Result(mutant, Fate.ERROR, " ".join(done.stdout.split())[-300:])


def try_all(mutants: Sequence[Mutant], trees: Sequence[Path]) -> Iterator[Result]:
    """The results in the order of the table; one mutant runs in each copy at a time."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def in_a_free_tree(mutant: Mutant) -> Result:
        tree = free.get()
        try:
            return try_mutant(mutant, tree)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        yield from pool.map(in_a_free_tree, mutants)


@contextmanager
def copies(count: int) -> Iterator[list[Path]]:
    """Yield ``count`` copies of the tree, and delete them afterwards."""
    with TemporaryDirectory(prefix="epicevents-mutants-") as folder:
        trees = [Path(folder) / str(number) for number in range(count)]
        for tree in trees:
            shutil.copytree(ROOT, tree, ignore=_NOT_COPIED, symlinks=True)
        yield trees


def passes_without_mutant(tree: Path, mutants: Sequence[Mutant], workers: int) -> bool:
    """Whether all named tests pass without a mutant; failures are printed."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    whole = run_tests(tree, tests, f"--numprocesses={workers}", patience=LONGEST + 20 * len(tests))
    if whole.returncode != _ALL_PASSED:
        print(whole.stdout[-5000:])
    return whole.returncode == _ALL_PASSED


def main() -> int:
    """Try the mutants and print the fate of each."""
    parser = argparse.ArgumentParser(description="Break rules of the program and see whether tests notice.")
    parser.add_argument("words", nargs="*", help="only mutants whose file or rule holds all of these")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    options = parser.parse_args()
    mutants = read_table(TABLE, options.words)
    began = time.monotonic()
    with copies(min(options.jobs, len(mutants)) or 1) as trees:
        if not mutants or not passes_without_mutant(trees[0], mutants, options.jobs):
            print("The tests fail without a mutant." if mutants else "There is no such mutant.")
            return 2
        fates: Counter[Fate] = Counter()
        for result in try_all(mutants, trees):
            fates[result.fate] += 1
            print(
                f"{result.fate:8}  {result.mutant.file}: {result.mutant.rule}\n{'':10}{result.remark}",
                flush=True,
            )
    counts = ", ".join(f"{fates[fate]} {fate}" for fate in Fate)
    print(f"{counts}, in {time.monotonic() - began:.0f} s")
    return 0 if fates[Fate.KILLED] == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
