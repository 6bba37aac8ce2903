"""The look: two calm themes, and the hues of labels in any theme.

Whatever is to be read has a contrast of at least 4.5 to 1 with each ground that it stands on, the cursor's row
included. The hues follow Okabe and Ito, so that colour-blind people tell them apart, lightened for a dark ground
and darkened for a light one; a label always has its name or key beside its colour.
"""

from __future__ import annotations

from textual.theme import Theme

from annotator.model.labels import COLOURS

_DARK_HUES = ("#5fb0e5", "#7fce8f", "#e5a13a", "#4fc4b0", "#de90bb", "#b9a3ea", "#d9cb5b", "#f08764")
_LIGHT_HUES = ("#005a9c", "#1a6b34", "#8a4f00", "#00665a", "#98306c", "#5f3dab", "#6a5d00", "#a8330c")
_ANSI_HUES = (
    "ansi_blue",
    "ansi_green",
    "ansi_yellow",
    "ansi_cyan",
    "ansi_magenta",
    "ansi_bright_magenta",
    "ansi_bright_yellow",
    "ansi_red",
)


def hue_variables(theme: Theme) -> dict[str, str]:
    """The CSS variables `hue-blue` to `hue-red`, one for each of COLOURS, for a theme that has none of its own."""
    hues = _ANSI_HUES if theme.ansi else _DARK_HUES if theme.dark else _LIGHT_HUES
    return {f"hue-{name}": hue for name, hue in zip(COLOURS, hues, strict=True)}


DARK = Theme(
    name="annotator-dark",
    dark=True,
    primary="#8fb8de",
    secondary="#b9a3ea",
    accent="#8fb8de",
    success="#7fce8f",
    warning="#e5b567",
    error="#f08080",
    foreground="#d3d7de",
    background="#14161b",
    surface="#191c22",
    panel="#1d2129",
    variables={
        "text": "#d3d7de",
        "text-muted": "#99a0ab",
        "text-accent": "#8fb8de",
        "text-primary": "#8fb8de",
        "text-success": "#7fce8f",
        "text-warning": "#e5b567",
        "text-error": "#f08080",
        "border": "#3a4352",
        "border-blurred": "#2a303a",
        "block-cursor-background": "#2b3545",
        "block-cursor-foreground": "#eef1f5",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#20252e",
        "block-cursor-blurred-foreground": "#d3d7de",
        "scrollbar": "#353c48",
        "scrollbar-hover": "#4a5363",
        "scrollbar-active": "#8fb8de",
        "scrollbar-background": "#14161b",
        "input-cursor-background": "#d3d7de",
        "input-cursor-foreground": "#14161b",
        "input-selection-background": "#8fb8de 30%",
    },
)

LIGHT = Theme(
    name="annotator-light",
    dark=False,
    primary="#2b5f94",
    secondary="#5f3dab",
    accent="#2b5f94",
    success="#1a6b34",
    warning="#7d5200",
    error="#a8201a",
    foreground="#23272e",
    background="#f8f8f6",
    surface="#f1f1ee",
    panel="#e9eae7",
    variables={
        "text": "#23272e",
        "text-muted": "#565d67",
        "text-accent": "#2b5f94",
        "text-primary": "#2b5f94",
        "text-success": "#1a6b34",
        "text-warning": "#7d5200",
        "text-error": "#a8201a",
        "border": "#b3b8bf",
        "border-blurred": "#d3d6d9",
        "block-cursor-background": "#cfdbe8",
        "block-cursor-foreground": "#101318",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e2e6ea",
        "block-cursor-blurred-foreground": "#23272e",
        "scrollbar": "#c3c7cc",
        "scrollbar-hover": "#a5abb3",
        "scrollbar-active": "#2b5f94",
        "scrollbar-background": "#f8f8f6",
        "input-cursor-background": "#23272e",
        "input-cursor-foreground": "#f8f8f6",
        "input-selection-background": "#2b5f94 25%",
    },
)

THEMES = (DARK, LIGHT)
"""The house's own themes; an app registers them and adds `hue_variables` to its theme variables' defaults."""
