"""The themes: every hue is there in every theme, and whatever is to be read has contrast."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from annotator.model.labels import COLOURS
from annotator.tui.themes import THEMES, hue_variables
from annotator.tui.widgets.looks import LOOK_CLASSES, LOOK_CSS

_READABLE = 4.5
_LETTERS = ("text", "text-muted", "text-accent", "text-success", "text-warning", "text-error")


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in Color.parse(colour).normalized
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_is_that_of_the_standard() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_all_letters_are_readable_on_all_grounds(theme: Theme) -> None:
    variables = theme.to_color_system().generate() | hue_variables(theme) | theme.variables
    grounds = ["background", "surface", "panel", "block-cursor-background", "block-cursor-blurred-background"]
    letters = [*_LETTERS, *(f"hue-{name}" for name in COLOURS)]
    poor = {
        (name, ground): round(ratio, 2)
        for name in letters
        for ground in grounds
        if (ratio := _contrast(variables[name], variables[ground])) < _READABLE
    }
    assert poor == {}


@pytest.mark.parametrize("theme", [*THEMES, *BUILTIN_THEMES.values()], ids=lambda theme: theme.name)
def test_every_theme_has_every_hue(theme: Theme) -> None:
    assert set(hue_variables(theme)) == {f"hue-{name}" for name in COLOURS}
    assert len(set(hue_variables(theme).values())) == len(COLOURS)


async def test_an_app_takes_the_themes_and_their_css_is_right() -> None:
    class Themed(App[None]):
        CSS = f"Screen {{ {LOOK_CSS} }}"

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return hue_variables(self.current_theme)

    app = Themed()
    for theme in THEMES:
        app.register_theme(theme)
    async with app.run_test() as pilot:
        for theme in THEMES:
            app.theme = theme.name
            await pilot.pause()
            assert app.theme_variables["hue-blue"] == hue_variables(theme)["hue-blue"]
            assert app.screen.styles.background == Color.parse(theme.background or "")
    assert all(f".{name} " in LOOK_CSS for name in LOOK_CLASSES)
