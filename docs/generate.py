"""Writes the tables in README.md and docs/ that the program itself knows: `python docs/generate.py`.

Each stands between `<!-- generated: NAME -->` and `<!-- end -->`. A test fails when a page differs from what this
would write.
"""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import EnumType
from itertools import groupby
from pathlib import Path
from typing import Any, get_type_hints

import typer.main
from pydantic import TypeAdapter

from annotator.cli.main import app
from annotator.formats.summary import summaries
from annotator.model.labels import LABEL_KEYS
from annotator.model.resources import label_set_names, load_label_set
from annotator.model.spans import CONFIDENT_FROM, DOUBTFUL_BELOW, Level
from annotator.settings import Settings
from annotator.tui.keys.action import Action
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.agreement.actions import AGREEMENT, CASES
from annotator.tui.screens.annotate.actions import ANNOTATE
from annotator.tui.screens.audit.actions import AUDIT
from annotator.tui.screens.documents.actions import DOCUMENTS
from annotator.tui.screens.feedback.actions import FEEDBACK
from annotator.tui.screens.review.actions import REVIEW

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

TOUR = (
    *("accept", "reject", "left_out", "left_in", "right_in", "right_out"),
    *("jump", "correct_others", "accept_confident", "next_doubtful", "undo", "finish", "documents", "help"),
)
"""The actions of the README's short table."""

_BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_BY_PALETTE = "ctrl+p"


@dataclass(frozen=True)
class Parameter:
    """An argument or option of a command. `names` is empty for an argument; `choices` where only these are taken."""

    title: str
    names: tuple[str, ...]
    help: str
    choices: tuple[str, ...] = ()
    default: object = None


def commands() -> dict[str, Any]:
    """The program's commands, as typer makes them, by name."""
    group: Any = typer.main.get_command(app)
    context = group.make_context("annotator", [], resilient_parsing=True)
    return {name: group.get_command(context, name) for name in group.list_commands(context)}


def parameters(command: Any) -> list[Parameter]:
    """What a command takes, in the order of its help, without the help itself."""
    hints = get_type_hints(command.callback)
    found = []
    for each in command.params:
        kind = hints[each.name]
        choices = tuple(str(choice.value) for choice in kind) if isinstance(kind, EnumType) else ()
        if each.param_type_name == "argument":
            found.append(Parameter(each.metavar or each.name.upper(), (), each.help, choices))
        else:
            names = (*sorted(each.opts, key=len, reverse=True), *each.secondary_opts)
            default = getattr(each.default, "value", each.default)
            found.append(Parameter(names[0], names, each.help, choices, default))
    return found


def regenerated(page: str) -> str:
    """The page with every generated part written anew; KeyError for a part that is not known."""
    return _BLOCK.sub(lambda match: f"{match[1]}\n{PARTS[match[2]]()}\n\n{match[3]}", page)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _keys_of(keymap: Keymap, action: Action) -> str:
    return " ".join(f"<kbd>{html.escape(key)}</kbd>" for key in keymap.keys(action.name) or (_BY_PALETTE,))


def _grouped_keys(actions: Sequence[Action]) -> str:
    keymap = Keymap(actions)
    groups = list(dict.fromkeys(action.group for action in actions))
    ordered = sorted(actions, key=lambda action: groups.index(action.group))
    parts = []
    for group, members in groupby(ordered, key=lambda action: action.group):
        rows = [(_keys_of(keymap, action), action.help) for action in members]
        parts.append(f"### {group}\n\n{table(('key', 'what it does'), rows)}")
    return "\n\n".join(parts)


def _tour() -> str:
    keymap = Keymap(ANNOTATE)
    rows = [(_keys_of(keymap, keymap.actions[name]), keymap.actions[name].help) for name in TOUR]
    return table(("key", "what it does"), rows)


def _action_names(actions: Sequence[Action]) -> str:
    rows = [
        (f"`{action.name}`", f"`{','.join(action.keys)}`" if action.keys else "none") for action in actions
    ]
    return table(("action", "keys, as the settings write them"), rows)


def _label_keys() -> str:
    return " ".join(f"<kbd>{key}</kbd>" for key in LABEL_KEYS)


def _settings() -> str:
    fields = TypeAdapter(Settings).json_schema()["properties"]
    described = _docstrings(ROOT / "annotator" / "settings.py")
    rows = [
        (
            f"`{name}`",
            _allowed(field),
            f"`{_toml(getattr(Settings(), name))}`",
            described[name],
        )
        for name, field in fields.items()
    ]
    return table(("field", "value", "default", "meaning"), rows)


def _docstrings(module: Path) -> dict[str, str]:
    """The strings below annotated names, by name."""
    found = re.findall(
        r'^    (\w+): [^\n]*\n    """(.*?)"""', module.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return {name: " ".join(text.split()) for name, text in found}


def _allowed(field: Mapping[str, Any]) -> str:
    if "enum" in field:
        return " or ".join(f"`{_toml(value)}`" for value in field["enum"])
    if field["type"] in ("integer", "number"):
        least, most = (format(field[edge], "g") if edge in field else "" for edge in ("minimum", "maximum"))
        return f"{least} to {most}" if most else f"{least} or more"
    return {"string": "text", "object": "table", "boolean": "true or false"}[field["type"]]


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else "{}" if value == {} else str(value)


def _formats() -> str:
    rows = [
        (
            f"`{each.name}`",
            "yes" if each.reads else "no",
            "yes" if each.writes else "no",
            " ".join(f"`{ending}`" for ending in each.endings),
            ", ".join(each.holds) or "-",
            (", ".join(each.loses) or "nothing") if each.writes else "-",
            f"`{each.extra}`" if each.extra else "-",
            each.description,
        )
        for each in summaries()
    ]
    heads = (
        "format",
        "in",
        "out",
        "file names end in",
        "holds beyond flat spans",
        "loses",
        "extra",
        "what it is",
    )
    return table(heads, rows)


def _label_sets() -> str:
    rows = []
    for name in label_set_names():
        label_set = load_label_set(name)
        rows.append(
            (f"`{name}`", str(len(label_set.labels)), " ".join(label_set.by_name), label_set.description)
        )
    return table(("name", "labels", "which", "what for"), rows)


def _levels() -> str:
    scores = {
        Level.HIGH: f"{CONFIDENT_FROM:.2f} and more",
        Level.MID: f"{DOUBTFUL_BELOW:.2f} to {CONFIDENT_FROM:.2f}",
        Level.LOW: f"less than {DOUBTFUL_BELOW:.2f}",
        Level.UNSCORED: "none",
    }
    return table(("level", "score"), [(level.value, scores[level]) for level in Level])


def _commands() -> str:
    return "\n\n".join(_command(name, command) for name, command in commands().items())


def _command(name: str, command: Any) -> str:
    about, _, example = inspect.cleandoc(command.help).partition("Example: ")
    rows = [_parameter(parameter) for parameter in parameters(command)]
    return "\n\n".join(
        [
            f"## annotator {name}",
            about.strip(),
            table(("argument or option", "what it is for"), rows),
            f"```sh\n{example.strip()}\n```",
        ]
    )


def _parameter(parameter: Parameter) -> tuple[str, str]:
    said = [parameter.help]
    if parameter.choices:
        said.append(f"One of {', '.join(f'`{choice}`' for choice in parameter.choices)}.")
    if parameter.default not in (None, False):
        said.append(f"Default: `{parameter.default}`.")
    return ", ".join(f"`{name}`" for name in parameter.names or (parameter.title,)), " ".join(said)


PARTS: Mapping[str, Callable[[], str]] = {
    "tour": _tour,
    "keys-annotate": lambda: _grouped_keys(ANNOTATE),
    "keys-audit": lambda: _grouped_keys(AUDIT),
    "keys-agreement": lambda: _grouped_keys(AGREEMENT),
    "keys-cases": lambda: _grouped_keys(CASES),
    "keys-documents": lambda: _grouped_keys(DOCUMENTS),
    "keys-feedback": lambda: _grouped_keys(FEEDBACK),
    "keys-review": lambda: _grouped_keys(REVIEW),
    "names-annotate": lambda: _action_names(ANNOTATE),
    "names-audit": lambda: _action_names(AUDIT),
    "names-agreement": lambda: _action_names(AGREEMENT),
    "names-cases": lambda: _action_names(CASES),
    "names-documents": lambda: _action_names(DOCUMENTS),
    "names-feedback": lambda: _action_names(FEEDBACK),
    "names-review": lambda: _action_names(REVIEW),
    "label-keys": _label_keys,
    "settings": _settings,
    "formats": _formats,
    "label-sets": _label_sets,
    "levels": _levels,
    "commands": _commands,
}
"""What is generated, by the name that the pages give it."""


def main() -> None:
    """Write every page anew."""
    for page in PAGES:
        page.write_text(regenerated(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
