"""The keymap: which key leads where, with what the settings change."""

from __future__ import annotations

import pytest

from annotator.errors import SettingsError
from annotator.model.labels import LABEL_KEYS
from annotator.tui.keys.action import Action
from annotator.tui.keys.keymap import Clash, Keymap, check_changes, clash_message
from annotator.tui.screens.annotate.actions import ANNOTATE
from annotator.tui.screens.documents.actions import DOCUMENTS

_REGISTRIES = {"annotate": ANNOTATE, "documents": DOCUMENTS}


@pytest.mark.parametrize("name", _REGISTRIES)
def test_the_default_keys_do_not_clash_and_each_leads_to_its_action(name: str) -> None:
    keymap = Keymap(_REGISTRIES[name])
    for action in _REGISTRIES[name]:
        assert [keymap.action(key, None) for key in action.keys] == [action.name] * len(action.keys)


@pytest.mark.parametrize("name", _REGISTRIES)
def test_actions_are_fully_described_and_named_once(name: str) -> None:
    actions = _REGISTRIES[name]
    assert len({action.name for action in actions}) == len(actions)
    assert all(action.text and action.help.endswith(".") and action.group for action in actions)


def test_no_default_key_of_the_annotate_screen_is_a_label_key_or_needs_alt() -> None:
    keys = {key for action in ANNOTATE for key in action.keys}
    assert keys.isdisjoint(LABEL_KEYS)
    assert not any("alt" in key for key in keys)


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"accept": "ctrl+y", "redo": "r"}, "ctrl+y"),
        ({"accept": "enter,  f5 ,"}, "enter f5"),
        ({"accept": ""}, ""),
        ({"accept": "x", "reject": "enter"}, "x"),
        ({"open": "x"}, "enter"),  # another screen's action
    ],
)
def test_settings_replace_the_keys_of_an_action(changes: dict[str, str], keys: str) -> None:
    keymap = Keymap(ANNOTATE, changes)
    candidates = ("enter", "f5", "x", "ctrl+y")
    assert {key for key in candidates if keymap.action(key, None) == "accept"} == set(keys.split())


@pytest.mark.parametrize(
    ("changes", "key", "one", "other"),
    [
        ({"note": "x", "accept": "x"}, "x", "note", "accept"),
        ({"doubt": "y,y"}, "y", "doubt", "doubt"),
    ],
)
def test_a_key_that_the_settings_give_to_two_actions_is_an_error_that_names_both(
    changes: dict[str, str], key: str, one: str, other: str
) -> None:
    with pytest.raises(SettingsError, match=rf"the key {key} is for both {one} and {other}") as caught:
        Keymap(ANNOTATE, changes)
    assert "settings" in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "key", "winner", "loser", "left"),
    [
        ({"note": "x"}, "x", "note", "reject", ("del",)),
        ({"undo": "u,r"}, "r", "undo", "redo", ("ctrl+y",)),
        ({"redo": "enter"}, "enter", "redo", "accept", ()),
    ],
)
def test_a_key_of_the_settings_wins_over_a_default_and_the_clash_is_named(
    changes: dict[str, str], key: str, winner: str, loser: str, left: tuple[str, ...]
) -> None:
    keymap = Keymap(ANNOTATE, changes)
    assert keymap.action(key, None) == winner
    assert keymap.keys(loser) == left
    assert keymap.clashes == [Clash(key, winner, loser)]
    assert clash_message([keymap, keymap]).count(loser) == 1


def test_keys_that_are_exchanged_do_not_clash() -> None:
    assert Keymap(ANNOTATE, {"accept": "x,delete", "reject": "enter"}).clashes == []


def test_a_change_for_an_action_that_no_screen_has_is_an_error_that_lists_the_names() -> None:
    known = [*ANNOTATE, *DOCUMENTS]
    check_changes({"accept": "enter", "filter": "f"}, known)
    with pytest.raises(SettingsError, match="unknown action: acept") as caught:
        check_changes({"acept": "enter"}, known)
    assert "accept," in caught.value.hint


def test_a_key_is_known_by_its_name_or_by_what_it_types() -> None:
    keymap = Keymap(
        Action(name, (key,), name, f"{name}.", handler=print)
        for name, key in (("ask", "question_mark"), ("go", ">"))
    )
    assert keymap.action("question_mark", "?") == "ask"
    assert keymap.action("greater_than_sign", ">") == "go"
    assert keymap.action("less_than_sign", "<") is None
    assert keymap.action("f1", None) is None


@pytest.mark.parametrize(
    ("keyboard", "character", "label_key"),
    [
        ("", "1", "1"),
        ("", "A", "A"),
        ("", "a", None),
        ("", "&", None),
        ("", None, None),
        ("", "Ä", None),
        *[("fr", typed, digit) for typed, digit in zip("&é\"'(-è_çà", "1234567890", strict=True)],
        ("fr", "1", "1"),
        ("fr", "A", "A"),
        ("fr", "a", None),
    ],
)
def test_label_keys(keyboard: str, character: str | None, label_key: str | None) -> None:
    assert Keymap(ANNOTATE, keyboard=keyboard).label_key(character) == label_key


def test_on_a_french_keyboard_no_default_key_hides_a_digit() -> None:
    keymap = Keymap(ANNOTATE, keyboard="fr")
    taken = [typed for typed in "&é\"'(-è_çà" if keymap.action(typed, typed) is not None]
    assert taken == []


def test_keys_are_called_by_their_signs() -> None:
    keymap = Keymap(ANNOTATE)
    assert keymap.keys("accept") == ("⏎",)
    assert keymap.keys("help") == ("?", "f1")
    assert keymap.keys("right_in") == ("k", "⇧←")
    assert keymap.keys("snap") == ()
