"""Finds the style sheet beside a module, and resolves the styles of component classes."""

from pathlib import Path

from textual.style import Style
from textual.widget import Widget


def sheet_beside(module_file: str) -> str:
    """The text of the ``.tcss`` file with the module's own name, for a widget's ``DEFAULT_CSS``."""
    return Path(module_file).with_suffix(".tcss").read_text(encoding="utf-8")


def path_beside(module_file: str) -> Path:
    """The absolute path of that file, for a screen's ``CSS_PATH``; subclasses elsewhere inherit it whole."""
    return Path(module_file).with_suffix(".tcss").resolve()


def style_of(widget: Widget, component: str) -> Style:
    """The style of a component class, whole: Textual's ``get_visual_style`` leaves "reverse" out."""
    style = widget.get_visual_style(component)
    reverse = bool(widget.get_component_styles(component).text_style.reverse)
    return style + Style(reverse=True) if reverse else style
