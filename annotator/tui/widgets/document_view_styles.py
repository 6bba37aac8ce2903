"""The document view's styles: component classes, their defaults in each theme, and the palette they give.

A hue's class gives two colours: `color` for letters on the page, `background` for solid spans. A state's class
gives text styles, and colours where the state has its own. Under NO_COLOR only the text styles are left, and those
alone keep the states apart.
"""

from __future__ import annotations

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from annotator.model.labels import COLOURS, LabelSet
from annotator.tui.layout.palette import LabelLook, Palette

_TINT = 0.2
"""How much of a hue an undecided span's background has."""

_STATES = (
    "decided",
    "undecided",
    "doubtful",
    "rejected",
    "rejected-chip",
    "nested",
    "box",
    "hit",
    "current-hit",
    "selection",
    "focus",
    "undecided-focus",
    "rejected-focus",
    "cursor",
    "focus-cursor",
    "hint",
    "typed-hint",
    "other-hint",
    "chip",
    "undecided-chip",
    "name",
    "undecided-name",
)
COMPONENT_CLASSES = {f"document--{name}" for name in (*COLOURS, *_STATES)}

_HUE_RULES = "\n    ".join(
    f"& > .document--{name} {{ color: $hue-{name}; background: $hue-{name}; }}" for name in COLOURS
)

DEFAULT_CSS = f"""
DocumentView {{
    overflow-x: hidden;
    overflow-y: scroll;
    scrollbar-size-vertical: 0;
    background: $background;
    color: $foreground;

    {_HUE_RULES}

    & > .document--decided {{ color: #0c1014; }}
    & > .document--undecided {{ text-style: underline; }}
    & > .document--doubtful {{ text-style: italic; }}
    & > .document--rejected {{ color: $foreground 45%; text-style: strike; }}
    & > .document--rejected-chip {{ color: $foreground 45%; }}
    & > .document--nested {{ text-style: uu; }}
    & > .document--box {{ text-style: bold; background: $warning 35%; }}
    & > .document--hit {{ background: $warning 30%; color: $foreground; }}
    & > .document--current-hit {{ background: $warning; color: #0c1014; text-style: bold; }}
    & > .document--selection {{ background: $primary 55%; color: $foreground; }}
    & > .document--focus {{ background: #f4f0dc; color: #0c1014; text-style: bold; }}
    & > .document--undecided-focus {{ text-style: underline; }}
    & > .document--rejected-focus {{ text-style: strike; }}
    & > .document--cursor {{ background: $foreground 30%; color: $foreground; text-style: bold; }}
    & > .document--focus-cursor {{ background: #ffffff; }}
    & > .document--hint {{ background: $warning; color: #0c1014; text-style: bold; }}
    & > .document--typed-hint {{ background: $warning 45%; color: $foreground 60%; }}
    & > .document--other-hint {{ color: $foreground 45%; }}
    & > .document--undecided-name {{ text-style: dim; }}

    &:light > .document--focus {{ background: #1f2430; color: #ffffff; }}
    &:light > .document--focus-cursor {{ background: #000000; }}
}}
"""

_UPRIGHT = Style(
    bold=False,
    dim=False,
    italic=False,
    underline=False,
    underline2=False,
    strike=False,
    reverse=False,
    overline=False,
)
"""Takes away what lies below."""


def resolve_palette(view: Widget, label_set: LabelSet) -> Palette:
    """The palette of `view` as its style sheets are now, with a look for each label of `label_set`."""

    def own(name: str) -> Style:
        return _component(view, name)

    def anew(name: str) -> Style:
        return _UPRIGHT + _component(view, name)

    def look(key: str, colour: str) -> LabelLook:
        letters, solid, tint = _hue(view, colour)
        return LabelLook(
            key=key,
            decided=solid + own("decided"),
            undecided=letters + tint + own("undecided"),
            name=letters + own("name"),
            undecided_name=letters + own("undecided-name"),
            chip=anew("chip") + letters,
            undecided_chip=anew("undecided-chip") + letters,
        )

    labels = {name: look(label.key, label.colour) for name, label in label_set.by_name.items()}
    return Palette(
        text=view.rich_style,
        labels=labels,
        unknown=look("", COLOURS[-1]),
        doubtful=own("doubtful"),
        rejected=own("rejected"),
        rejected_chip=anew("rejected-chip"),
        nested=own("nested"),
        box=own("box"),
        hit=own("hit"),
        current_hit=own("current-hit"),
        selection=own("selection"),
        focus=anew("focus"),
        undecided_focus=own("undecided-focus"),
        rejected_focus=own("rejected-focus"),
        cursor=own("cursor"),
        focus_cursor=own("focus-cursor"),
        hint=anew("hint"),
        typed_hint=anew("typed-hint"),
        other_hint=anew("other-hint"),
    )


def _component(view: Widget, name: str) -> Style:
    """What a component class itself says, its colours laid over the page's."""
    styles = view.get_component_styles(f"document--{name}")
    if view.app.no_color:
        return styles.text_style
    page = view.background_colors[1]
    colour = styles.color if styles.has_rule("color") else None
    background = styles.background if styles.has_rule("background") else None
    return Style.from_color(_on(page, colour), _on(page, background)) + styles.text_style


def _on(page: Color, colour: Color | None) -> RichColor | None:
    if colour is None or colour.a == 0:
        return None
    return (colour if colour.ansi is not None else page + colour).rich_color


def _hue(view: Widget, colour: str) -> tuple[Style, Style, Style]:
    """A hue as letters, as a solid background and as a tint; no tint where the terminal mixes its own colours."""
    if view.app.no_color:
        return Style.null(), Style.null(), Style.null()
    styles = view.get_component_styles(f"document--{colour}")
    letters, solid = styles.color, styles.background
    page = view.background_colors[1]
    can_mix = solid.ansi is None and page.ansi is None
    tint = Style(bgcolor=page.blend(solid, _TINT).rich_color) if can_mix else Style.null()
    return Style(color=letters.rich_color), Style(bgcolor=solid.rich_color), tint
