"""Where the program keeps its files, as each platform expects it. Nothing is created here."""

import os
from pathlib import Path
from typing import Final

APP_NAME: Final = "epicevents"
ENV_FILE: Final = ".env"


def config_folder() -> Path:
    """The folder of the settings: ``~/.config/epicevents`` on Linux."""
    import platformdirs

    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))


def data_folder() -> Path:
    """The folder of the SQLite database: ``~/.local/share/epicevents`` on Linux."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def state_folder() -> Path:
    """The folder of what is kept between two runs: ``~/.local/state/epicevents`` on Linux."""
    import platformdirs

    return Path(platformdirs.user_state_dir(APP_NAME, appauthor=False))


def current_folder() -> Path | None:
    """The folder in which the program was started; ``None`` where it was deleted since."""
    try:
        return Path(os.getcwd())
    except OSError:
        return None


def absolute(path: Path | str, folder: Path | None = None) -> Path:
    """The path without ``~``, ``.`` or ``..``; a relative one starts in ``folder``, else where one stands."""
    expanded = Path(path).expanduser()
    return Path(os.path.abspath(folder / expanded if folder else expanded))
