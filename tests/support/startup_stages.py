"""The program as it is, telling which modules are loaded when its form stands and when it has warmed up.

python -m tests.support.startup_stages FILE
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli.main import main


def tell(stage: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, which says first what is loaded by now."""

    def telling(*arguments: Any, **named: Any) -> Any:
        with FILE.open("a") as file:
            file.write(json.dumps({stage: sorted(sys.modules)}) + "\n")
        return method(*arguments, **named)

    return telling


if __name__ == "__main__":
    FILE = Path(sys.argv.pop(1))
    from tui.app import EpicEventsApp

    for stage, name in (("painted", "_warm_up"), ("warm", "_warmed_up")):
        setattr(EpicEventsApp, name, tell(stage, getattr(EpicEventsApp, name)))
    main()
