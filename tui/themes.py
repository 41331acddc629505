"""The themes: a calm dark one, a light one, and one of high contrast (7:1 and more for every text)."""

from collections.abc import Mapping
from typing import Any, Final

from textual.app import App
from textual.filter import Monochrome, NoColor
from textual.theme import Theme

from services.i18n import N_

EPIC = Theme(
    name="epic",
    primary="#7cb7ff",
    secondary="#9aa7bd",
    accent="#f2c078",
    warning="#f0b95c",
    error="#ff8f8f",
    success="#7bd88f",
    foreground="#dfe4ee",
    background="#12151c",
    surface="#181c26",
    panel="#212735",
    dark=True,
    variables={
        "text": "#dfe4ee",
        "text-muted": "#aab4c6",
        "text-disabled": "#97a2b8",
        "block-cursor-foreground": "#0b1220",
        "block-cursor-background": "#7cb7ff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": "#dfe4ee",
        "block-cursor-blurred-background": "#2a3345",
        "border": "#7cb7ff",
        "border-blurred": "#3a4459",
        "input-selection-background": "#3d5a85",
        "input-selection-foreground": "#ffffff",
        "scrollbar": "#3a4459",
        "scrollbar-hover": "#55617a",
        "scrollbar-active": "#7cb7ff",
        "scrollbar-background": "#12151c",
        "scrollbar-background-hover": "#12151c",
        "scrollbar-background-active": "#12151c",
        "scrollbar-corner-color": "#12151c",
        "field-background": "#1e2431",
        "field-focus-background": "#28324a",
        "field-edge": "#7f8ca6",
        "bar-background": "#181c26",
        "key-foreground": "#f2c078",
    },
)

EPIC_LIGHT = Theme(
    name="epic-light",
    primary="#0a58a8",
    secondary="#4a5568",
    accent="#8a4300",
    warning="#7d5200",
    error="#b3202a",
    success="#17692f",
    foreground="#1b2330",
    background="#ffffff",
    surface="#f5f7fb",
    panel="#e4e9f2",
    dark=False,
    variables={
        "text": "#1b2330",
        "text-muted": "#48546a",
        "text-disabled": "#5c687d",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#0a58a8",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": "#1b2330",
        "block-cursor-blurred-background": "#d5e0f0",
        "border": "#0a58a8",
        "border-blurred": "#a9b4c6",
        "input-selection-background": "#9cc4f0",
        "input-selection-foreground": "#0b1220",
        "scrollbar": "#a9b4c6",
        "scrollbar-hover": "#7f8ca3",
        "scrollbar-active": "#0a58a8",
        "scrollbar-background": "#ffffff",
        "scrollbar-background-hover": "#ffffff",
        "scrollbar-background-active": "#ffffff",
        "scrollbar-corner-color": "#ffffff",
        "field-background": "#ffffff",
        "field-focus-background": "#e3edfa",
        "field-edge": "#6b778c",
        "bar-background": "#eef1f7",
        "key-foreground": "#8a4300",
    },
)

EPIC_CONTRAST = Theme(
    name="epic-contrast",
    primary="#ffe14d",
    secondary="#ffffff",
    accent="#5cf2ff",
    warning="#ffc14d",
    error="#ff9c9c",
    success="#8dff9a",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#141414",
    dark=True,
    variables={
        "text": "#ffffff",
        "text-muted": "#e0e0e0",
        "text-disabled": "#b4b4b4",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#ffe14d",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": "#ffffff",
        "block-cursor-blurred-background": "#454545",
        "border": "#ffe14d",
        "border-blurred": "#9a9a9a",
        "input-selection-background": "#ffffff",
        "input-selection-foreground": "#000000",
        "scrollbar": "#9a9a9a",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffe14d",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "scrollbar-corner-color": "#000000",
        "field-background": "#1c1c1c",
        "field-focus-background": "#303030",
        "field-edge": "#b4b4b4",
        "bar-background": "#000000",
        "key-foreground": "#5cf2ff",
    },
)

THEMES = (EPIC, EPIC_LIGHT, EPIC_CONTRAST)
"""In the order in which Ctrl+T goes round."""
THEME_NAMES: Final[Mapping[str, str]] = {
    EPIC.name: N_("Dark"), EPIC_LIGHT.name: N_("Light"), EPIC_CONTRAST.name: N_("High contrast"),
}  # fmt: skip
"""What people call them, translatable."""

FEW_COLORS: Final = "-few-colors"
"""The class of an application on a terminal of 8 or 16 colours, in which shades of a theme look alike."""


def use_themes(app: App[Any], name: str) -> None:
    """Give the application its themes, and the one of this name; the calm one for lack of it."""
    for theme in THEMES:
        app.register_theme(theme)
    app.theme = name if name in app.available_themes else EPIC.name
    if app.no_color:
        # Shades of grey are colours too; the style sheets do not rely on colour alone.
        app._filters = [NoColor() if isinstance(f, Monochrome) else f for f in app._filters]


def next_theme(name: str) -> str:
    """The theme to which Ctrl+T switches."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else EPIC.name
