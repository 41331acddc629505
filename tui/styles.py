"""Style sheets stand beside the module they belong to."""

from pathlib import Path


def sheet_beside(module_file: str) -> str:
    """The text of the ``.tcss`` file with the module's own name, for a widget's ``DEFAULT_CSS``."""
    return Path(module_file).with_suffix(".tcss").read_text(encoding="utf-8")


def path_beside(module_file: str) -> Path:
    """The absolute path of that file, for a screen's ``CSS_PATH``; subclasses elsewhere inherit it whole."""
    return Path(module_file).with_suffix(".tcss").resolve()
