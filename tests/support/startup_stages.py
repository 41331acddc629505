"""Runs the program, and reports the loaded modules when its form is shown and after its warm-up.

python -m tests.support.startup_stages FILE
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli.main import main


def tell(stage: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method, so that it first reports the loaded modules."""

    def telling(*arguments: Any, **named: Any) -> Any:
        with FILE.open("a") as file:
            file.write(json.dumps({stage: sorted(sys.modules)}) + "\n")
        return method(*arguments, **named)

    return telling


if __name__ == "__main__":
    FILE = Path(sys.argv.pop(1))
    from tui.opening import Opening

    for stage, name in (("painted", "warm_up"), ("warm", "_warmed_up")):
        setattr(Opening, name, tell(stage, getattr(Opening, name)))
    main()
