"""Pages agree with the program: tables, commands, options, keys and links."""

from __future__ import annotations

import html
import re
import shlex
import tomllib
import xml.etree.ElementTree as ET
from dataclasses import fields
from pathlib import Path

import pytest

from annotator.formats.formats_table import FORMATS
from annotator.model.labels import LABEL_KEYS, LabelSet
from annotator.settings import Settings, settings_of
from annotator.suggest.sources.resolution import DEFAULT_MODELS
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.annotate.actions import ANNOTATE
from annotator.tui.screens.documents.actions import DOCUMENTS

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
EVERYWHERE = {"ctrl+p", "ctrl+q", "esc", "backspace"}
"""Keys that no screen's registry has: Textual's own, and those of inputs and modes."""

PROSE_KEYS = {
    "accept": "⏎",
    "reject": "x",
    "left_out": "s",
    "left_in": "d",
    "right_in": "k",
    "right_out": "l",
    "jump": "f",
    "finish": "space",
    "skip": "z",
    "undo": "u",
    "redo": "r",
    "correct_others": "m",
    "accept_confident": "a",
    "next_doubtful": "g",
    "next_here": "w",
    "toggle_doubtful": "h",
    "toggle_mode": "v",
    "why": "i",
    "documents": "o",
    "left": "←",
    "right": "→",
    "help": "?",
}
"""The keys that sentences name, by what they say of them: whoever changes one here changes the sentences."""


def test_every_generated_table_is_up_to_date(pages, generate):
    stale = [name for name, page in pages.items() if generate.regenerated(page.text) != page.text]
    assert not stale, f"run docs/generate.py: {stale}"


def test_everything_that_can_be_generated_stands_on_some_page(pages, generate):
    text = "".join(page.text for page in pages.values())
    assert [name for name in generate.PARTS if f"<!-- generated: {name} -->" not in text] == []


def test_a_changed_registry_changes_the_key_table(generate, monkeypatch):
    without_accept = [action for action in ANNOTATE if action.name != "accept"]
    monkeypatch.setattr(generate, "ANNOTATE", without_accept)
    before = "<!-- generated: names-annotate -->\n<!-- end -->"
    assert "`accept`" not in generate.regenerated(before)
    assert "`reject`" in generate.regenerated(before)


def test_every_action_has_its_keys_and_its_help_in_the_docs(pages):
    page = pages["docs/annotate.md"].text
    names = pages["docs/keys.md"].text
    for actions in (ANNOTATE, DOCUMENTS):
        keymap = Keymap(actions)
        for action in actions:
            shown = [f"<kbd>{html.escape(key)}</kbd>" for key in keymap.keys(action.name)]
            assert f"| {' '.join(shown) or '<kbd>ctrl+p</kbd>'} | {action.help} |" in page
            assert f"| `{action.name}` |" in names


def test_every_setting_and_every_format_has_its_row(pages):
    settings, formats = pages["docs/settings.md"].text, pages["docs/import-export.md"].text
    assert re.findall(r"^\| `([a-z_]+)` \|", settings, re.MULTILINE) == [
        each.name for each in fields(Settings)
    ]
    assert re.findall(r"^\| `([\w-]+)` \|", formats, re.MULTILINE) == list(FORMATS)


def test_every_environment_variable_that_is_read_is_documented(pages):
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "annotator").rglob("*.py"))
    read = set(re.findall(r"""environ(?:\.get\(|\[)["'](ANNOTATOR_\w+)""", sources))
    told = set(re.findall(r"^\| `(ANNOTATOR_\w+)` \|", pages["docs/settings.md"].text, re.MULTILINE))
    assert told == read


def test_the_default_models_are_told_in_their_order(pages):
    page = pages["docs/suggestions.md"].text
    assert re.findall(r"^\d\. `(en_\w+)`", page, re.MULTILINE) == list(DEFAULT_MODELS)


def test_every_key_in_the_prose_is_a_key(pages):
    keys = EVERYWHERE | set(LABEL_KEYS)
    for actions in (ANNOTATE, DOCUMENTS):
        keymap = Keymap(actions)
        keys |= {key for action in actions for key in keymap.keys(action.name)}
    for page in pages.values():
        told = {html.unescape(key) for key in re.findall(r"<kbd>(.*?)</kbd>", page.text)}
        assert told <= keys, page.name


def test_the_keys_in_the_prose_lead_to_what_it_says():
    keymap = Keymap(ANNOTATE)
    assert {name: keymap.keys(name)[0] for name in PROSE_KEYS} == PROSE_KEYS


def test_label_sets_in_the_examples_are_label_sets(pages):
    examples = [
        content
        for name in ("README.md", "docs/labels.md")
        for kind, content in pages[name].blocks
        if kind == "json"
    ]
    assert len(examples) == 2
    for example in examples:
        LabelSet.from_json(example, origin="the example")


def test_settings_in_the_examples_are_settings(pages):
    actions = {action.name for action in (*ANNOTATE, *DOCUMENTS)}
    examples = [content for page in pages.values() for kind, content in page.blocks if kind == "toml"]
    assert len(examples) >= 3
    for example in examples:
        settings = settings_of(tomllib.loads(example), origin="the example")
        assert set(settings.keys) <= actions
        for screen in (ANNOTATE, DOCUMENTS):
            Keymap(screen, settings.keys)


def test_commands_and_options_in_examples_exist(pages, generate):
    options = {
        name: {option for each in generate.parameters(command) for option in each.names} | {"--help", "-h"}
        for name, command in generate.commands().items()
    }
    checked = 0
    for page in pages.values():
        inline = re.findall(r"`(annotator [^`]+)`", page.prose)
        for line in [*page.commands, *inline]:
            for words in _calls(line):
                if not words or words[0] in ("--help", "--version", "COMMAND"):
                    continue
                assert words[0] in options, f"{page.name}: {line}"
                given = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
                assert given <= options[words[0]], f"{page.name}: {line}"
                checked += 1
    assert checked > 20


def _calls(line: str) -> list[list[str]]:
    """The arguments of each call of the program in a line of shell."""
    parts = re.split(r"&&|\||;", line)
    calls = [shlex.split(part, comments=True) for part in parts if part.count('"') % 2 == 0]
    return [
        words[1 : words.index("<") if "<" in words else None]
        for words in calls
        if words and words[0].rsplit("/")[-1] == "annotator"
    ]


def test_options_in_the_prose_exist(pages, generate):
    known = {"--help", "--json", "--version"}
    known |= {
        option
        for each in generate.commands().values()
        for it in generate.parameters(each)
        for option in it.names
    }
    benchmarks = (Path(__file__).parents[1] / "benchmarks").glob("*.py")
    known |= {
        option for path in benchmarks for option in re.findall(r'"(--[\w-]+)"', path.read_text("utf-8"))
    }
    for page in pages.values():
        told = set(re.findall(r"`(--[\w-]+)[^`]*`", page.prose))
        assert told <= known, page.name


def test_every_command_and_option_is_documented(pages, generate):
    page = pages["docs/commands.md"].text
    for name, command in generate.commands().items():
        section = page.partition(f"## annotator {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for parameter in generate.parameters(command):
            assert parameter.help, f"{name} {parameter.title}"
            assert f"`{parameter.title}`" in section, f"{name} {parameter.title}"


def test_links_lead_somewhere(pages):
    checked = 0
    for page in pages.values():
        for target in LINK.findall(re.sub(r"`[^`\n]*`", "", page.prose)):
            if target.startswith(("http://", "https://")):
                continue
            path, _, anchor = target.partition("#")
            assert (page.path.parent / path).exists(), f"{page.name}: {target}"
            assert not anchor, f"{page.name}: {target}: anchors differ between sites"
            checked += 1
    assert checked > 20


def test_every_page_and_picture_is_linked(pages):
    linked = {
        (page.path.parent / target).resolve()
        for page in pages.values()
        for target in LINK.findall(page.prose)
    }
    there = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "images").iterdir()]
    assert [path.name for path in there if path not in linked] == []


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "images").iterdir()), ids=lambda path: path.stem)
def test_a_picture_is_whole_and_asks_no_other_host(picture):
    text = picture.read_text(encoding="utf-8")
    ET.fromstring(text)
    assert "@font-face" not in text
    assert not re.search(r"(?:href|src|url)\s*[=(]\s*[\"']?\s*(?:https?:)?//", text)
    assert "/root" not in text
    assert "/home" not in text
