"""The modules that a piece of code loads in a fresh interpreter."""

import json
import os
import subprocess
import sys

_REPORT = """
import json, sys
try:
    {code}
except SystemExit as leaving:
    assert not leaving.code, leaving.code
print()
print(json.dumps(sorted(sys.modules)))
"""


def modules_loaded_by(code: str) -> set[str]:
    """The modules that are loaded after one line of Python has run or exited successfully."""
    # Without its variables, coverage.py does not load itself into the interpreter.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", _REPORT.format(code=code)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def packages_loaded_by(code: str) -> set[str]:
    """The top-level packages among :func:`modules_loaded_by`."""
    return {name.partition(".")[0] for name in modules_loaded_by(code)}
