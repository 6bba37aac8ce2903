"""Settings: what a file may say, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import SettingsError
from annotator.settings import Settings, annotator_name, read_settings


def read(tmp_path: Path, text: str) -> Settings:
    """The settings in a file of this text."""
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def test_without_a_file_all_is_at_its_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml") == Settings()
    assert read(tmp_path, "") == Settings()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    found = read(tmp_path, 'mode = "roomy"\nahead = 9\n[keys]\naccept = "enter,ctrl+y"\n')
    assert found == Settings(mode="roomy", ahead=9, keys={"accept": "enter,ctrl+y"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("text_width = 20", r"text_width: .* greater than or equal to 40"),
        ("ahead = 51", r"ahead: .* less than or equal to 50"),
        ("opening_guard_ms = -1", r"opening_guard_ms: .* greater than or equal to 0"),
        ('mode = "tall"', r"mode: .*'compact' or 'roomy'"),
        ("keyboard = 1", r"keyboard: "),
        ("keys = {accept = 1}", r"keys\.accept: "),
        ("colour = 1", r"colour: Unexpected"),
        ("mode =", r"cannot read the settings in "),
    ],
)
def test_a_wrong_file_is_told_where_and_why(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        read(tmp_path, text)
    assert "settings.toml" in caught.value.message


def test_an_unknown_setting_is_named_beside_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, "colour = 1")
    assert caught.value.hint == (
        "the settings are annotator, model, theme, mode, text_width, keyboard, opening_guard_ms, ahead, backups, "
        "order, random_share, blind_share, seed, patterns, learning, place_hints, adapt, "
        "keys"
    )


def test_the_annotator_is_who_was_asked_for_then_the_environments_then_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", "env")
    assert annotator_name("eva", Settings(annotator="set")) == "eva"
    assert annotator_name(None, Settings(annotator="set")) == "env"
    monkeypatch.delenv("ANNOTATOR_NAME")
    assert annotator_name(None, Settings(annotator="set")) == "set"
    monkeypatch.setattr("getpass.getuser", lambda: ".eva müller")
    assert annotator_name(None, Settings()) == "eva-m-ller"


def test_a_name_that_no_folder_can_have_is_refused() -> None:
    with pytest.raises(SettingsError, match="cannot name an annotator"):
        annotator_name("../eva", Settings())
