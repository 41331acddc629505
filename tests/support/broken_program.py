"""Runs the program with a crash at Ctrl+T or at its start.

The crash tests start it as a separate script; the product itself has no way to crash on purpose.
"""

import sys
from typing import NoReturn

from cli.main import main
from tui.app import EpicEventsApp
from tui.widgets.form.field import Field

HIDDEN = "Penguins & anvils 8"
"""Stands in the variables and in the text of the exception, and must be read nowhere."""


class BrokenByTest(Exception):
    """The exception that crashes this program."""


def _raise(app: EpicEventsApp) -> NoReturn:
    typed = [field.value for field in app.screen.query(Field)]
    raise BrokenByTest(HIDDEN, typed)


if __name__ == "__main__":
    for action in ("action_contrast", *(["on_mount"] if "at once" in sys.argv else [])):
        setattr(EpicEventsApp, action, _raise)
    sys.argv[1:] = []
    main()
