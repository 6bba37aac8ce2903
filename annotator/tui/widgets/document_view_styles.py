"""The document view's styles: component classes, their defaults in each theme, and the palette they give.

Hues come from the theme. A state's class gives text styles, and colours where the state has its own. Under NO_COLOR
only the text styles are left, and those alone keep the states apart.
"""

from __future__ import annotations

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from annotator.model.labels import COLOURS, LabelSet
from annotator.tui.layout.palette import LabelLook, Palette
from annotator.tui.widgets.looks import hue

_TINT = 0.2
"""How much of a hue an undecided span's background has."""

_STATES = (
    "decided",
    "undecided",
    "shared",
    "doubtful",
    "rejected",
    "rejected-chip",
    "nested",
    "box",
    "hit",
    "current-hit",
    "remark",
    "selection",
    "focus",
    "undecided-focus",
    "rejected-focus",
    "cursor",
    "focus-cursor",
    "hint",
    "long-hint",
    "place-hint",
    "typed-hint",
    "receding",
    "chip",
    "shared-chip",
    "sign-chip",
)
COMPONENT_CLASSES = {f"document--{name}" for name in _STATES}

DEFAULT_CSS = """
DocumentView {
    overflow-x: hidden;
    overflow-y: scroll;
    scrollbar-size-vertical: 0;
    background: $background;
    color: $foreground;

    & > .document--decided { color: #0b0e12; }
    & > .document--undecided { text-style: underline; }
    & > .document--shared { text-style: none; }
    & > .document--doubtful { text-style: italic; }
    & > .document--rejected { color: $foreground 65%; text-style: strike; }
    & > .document--rejected-chip { color: $foreground 65%; }
    & > .document--sign-chip { text-style: bold; }
    & > .document--nested { text-style: uu; }
    & > .document--box { color: $foreground; background: $warning 30%; text-style: bold underline overline; }
    & > .document--remark { color: $text-warning; background: $background; text-style: bold; }
    & > .document--hit { color: $foreground; background: $foreground 22%; text-style: bold; }
    & > .document--current-hit { color: $background; background: $foreground; text-style: bold underline; }
    & > .document--selection { color: $foreground; background: $primary 45%; }
    & > .document--focus { color: #0b0e12; background: #f4f0dc; text-style: bold; }
    & > .document--undecided-focus { text-style: underline; }
    & > .document--rejected-focus { text-style: strike; }
    & > .document--cursor { color: $background; background: $foreground 75%; }
    & > .document--focus-cursor { text-style: uu; }
    & > .document--hint { color: $background; background: $foreground; text-style: bold; }
    & > .document--long-hint { color: $text-warning; background: $background; text-style: bold; }
    & > .document--place-hint { color: $foreground 70%; background: $foreground 18%; }
    & > .document--typed-hint { color: $foreground 60%; background: $background; }
    & > .document--receding { color: $foreground 60%; }

    &:light > .document--decided { color: #ffffff; }
    &:light > .document--focus { color: #ffffff; background: #23272e; }

    &:ansi {
        & > .document--decided { color: ansi_black; }
        & > .document--rejected, & > .document--rejected-chip { color: ansi_bright_black; }
        & > .document--box { color: ansi_default; background: ansi_default; }
        & > .document--remark { color: ansi_yellow; background: ansi_default; }
        & > .document--hit { color: ansi_default; background: ansi_bright_black; }
        & > .document--current-hit { color: ansi_default; background: ansi_default; text-style: bold underline reverse; }
        & > .document--hint { color: ansi_default; background: ansi_default; text-style: bold reverse; }
        & > .document--long-hint { color: ansi_yellow; background: ansi_default; text-style: bold; }
        & > .document--place-hint { color: ansi_default; background: ansi_bright_black; }
        & > .document--typed-hint { color: ansi_bright_black; background: ansi_default; }
        & > .document--selection { color: ansi_white; background: ansi_blue; }
        & > .document--focus { color: ansi_default; background: ansi_default; text-style: bold reverse; }
        & > .document--cursor { color: ansi_default; background: ansi_default; text-style: reverse; }
        & > .document--receding { color: ansi_bright_black; }
    }

    &:nocolor {
        & > .document--decided { text-style: bold; }
        & > .document--shared { text-style: dim; }
        & > .document--rejected { text-style: strike dim; }
        & > .document--rejected-chip, & > .document--chip { text-style: dim; }
        & > .document--shared-chip { text-style: bold; }
        & > .document--sign-chip { text-style: reverse; }
        & > .document--hit { text-style: reverse dim; }
        & > .document--current-hit { text-style: reverse bold underline; }
        & > .document--selection { text-style: reverse underline; }
        & > .document--focus, & > .document--hint { text-style: reverse bold; }
        & > .document--cursor { text-style: reverse; }
        & > .document--long-hint { text-style: bold underline; }
        & > .document--place-hint { text-style: reverse dim; }
        & > .document--typed-hint, & > .document--receding { text-style: dim; }
    }
}
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

    decided, undecided, shared, chip = own("decided"), own("undecided"), own("shared"), anew("chip")
    hues = {colour: _hue(view, colour) for colour in COLOURS}

    def look(key: str, colour: str) -> LabelLook:
        letters, solid, tint = hues[colour]
        return LabelLook(
            key=key,
            decided=solid + decided,
            undecided=letters + tint + undecided,
            shared=letters + tint + shared,
            name=letters,
            undecided_name=letters,
            chip=chip + letters,
            undecided_chip=chip + letters,
            shared_chip=anew("shared-chip") + letters,
            sign_chip=anew("sign-chip") + solid + decided,
        )

    labels = {name: look(label.key, label.colour) for name, label in label_set.by_name.items()}
    return Palette(
        text=view.rich_style,
        labels=labels,
        unknown=look("", COLOURS[-1]),
        doubtful=own("doubtful"),
        rejected=own("rejected"),
        rejected_chip=anew("rejected-chip"),
        covered_chip=_UPRIGHT,
        nested=own("nested"),
        box=own("box"),
        hit=own("hit"),
        remark=own("remark"),
        current_hit=own("current-hit"),
        selection=own("selection"),
        focus=anew("focus"),
        undecided_focus=own("undecided-focus"),
        rejected_focus=own("rejected-focus"),
        cursor=own("cursor"),
        focus_cursor=own("focus-cursor"),
        hint=anew("hint"),
        long_hint=anew("long-hint"),
        place_hint=anew("place-hint"),
        typed_hint=anew("typed-hint"),
        receding=own("receding"),
        has_key_at_focus=not view.app.no_color,
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
    found = hue(view, colour)
    page = view.background_colors[1]
    can_mix = found.ansi is None and page.ansi is None
    tint = Style(bgcolor=page.blend(found, _TINT).rich_color) if can_mix else Style.null()
    return Style(color=found.rich_color), Style(bgcolor=found.rich_color), tint
