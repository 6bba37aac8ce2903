"""`annotator annotate`, and `annotator` alone: open the screen on a store."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import (
    AnnotatorOption,
    EncodingOption,
    LabelsOption,
    ModelOption,
    PatternsOption,
    SizeOption,
    StoreOption,
    store_path,
)
from annotator.cli.output import confirm, is_terminal, print_message
from annotator.errors import AnnotatorError, InputError
from annotator.model.documents import SIZE_LIMIT

if TYPE_CHECKING:
    from annotator.settings import Settings
    from annotator.store.repository import Store
    from annotator.suggest.sources.patterns import Patterns

_SHOWN_PROBLEMS = 5


def annotate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Text files or folders to import first.", show_default=False)
    ] = None,
    store: StoreOption = None,
    annotator: AnnotatorOption = None,
    labels: LabelsOption = None,
    model: ModelOption = None,
    patterns: PatternsOption = None,
    encoding: EncodingOption = "utf-8",
    size_limit: SizeOption = SIZE_LIMIT,
    order: Annotated[
        Literal["imported", "uncertain", "least", "new", "random"] | None,
        typer.Option("--order", help="Which documents come first; by default as the settings say."),
    ] = None,
    random_share: Annotated[
        float | None,
        typer.Option(
            "--random", min=0, max=1, help="The share of documents that come by chance all the same."
        ),
    ] = None,
    blind_share: Annotated[
        float | None,
        typer.Option(
            "--blind", min=0, max=1, help="The share of documents that are shown without suggestions."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="What chance begins from.")] = None,
    is_new: Annotated[
        bool,
        typer.Option(
            "--new-annotator", help="Begin under a name that nobody has here yet, without a question."
        ),
    ] = False,
) -> None:
    """Open documents on the screen and annotate them.

    Example: annotator annotate articles/ --store news --labels conll
    """
    from annotator.settings import annotator_name, read_settings
    from annotator.store.layout import check_annotator
    from annotator.suggest.sources.resolution import resolve
    from annotator.workspace import Workspace

    asked: dict[str, Any] = {
        "order": order,
        "random_share": random_share,
        "blind_share": blind_share,
        "seed": seed,
    }
    settings = replace(read_settings(), **{name: value for name, value in asked.items() if value is not None})
    name = check_annotator(annotator_name(annotator, settings))
    path = store_path(store)
    opened = opened_store(path, labels=labels) if (path / "store.json").exists() else None
    if opened is not None and not is_new:
        name = intended_annotator(opened, name)
    check_terminal()
    if wanted := model or settings.model:
        resolve(wanted)  # which refuses a model that is not there, before anything is imported
    chosen_patterns = patterns_of(patterns, settings)
    if paths:
        opened = _import(paths, path, labels=labels, model=model, encoding=encoding, size_limit=size_limit)
    elif opened is None:
        opened = opened_store(path)  # which says that there is none
    if (
        chosen_patterns is not None
        and (unknown := chosen_patterns.unknown_labels(opened.info.label_set)) is not None
    ):
        print_message(f"{chosen_patterns.path}: {unknown}")
    workspace = Workspace(opened, annotator=name, settings=settings, model=model, patterns=chosen_patterns)
    from annotator.tui.app import run

    code = run(workspace)
    from annotator.store.recent_stores import remember_store

    remember_store(opened.path)
    sys.exit(code)


def intended_annotator(store: Store, name: str) -> str:
    """`name` if it is somebody's in the store or means a new annotator, or the one that the person says was meant.

    A name that nobody has is asked about if it is much like another, on a terminal. InputError where it cannot be asked
    about, and for every such name where annotators see only what is assigned to them.
    """
    from annotator.store.layout import ASSIGNMENTS

    annotators = store.annotators()
    if name in annotators or not (annotators or (store.path / ASSIGNMENTS).exists()):
        return name
    from annotator.store.assignments import Assignments
    from annotator.workspace.assignments.annotator_names import known_annotators, similar_name

    known = known_annotators(store)
    if name in known:
        return name
    similar = similar_name(name, known)
    if similar is not None:
        question = f"nobody is called {name} in {store.path}: did you mean {similar}?"
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise InputError(
                question, hint=f"--annotator {similar} is that one, --new-annotator begins as {name}"
            )
        if confirm(question[0].upper() + question[1:]):
            return similar
    if Assignments(store).are_binding:
        raise InputError(
            f"nobody is called {name} in {store.path}, and nothing is assigned to that name",
            hint=f"the annotators are {', '.join(known)}; annotator assign --annotators {name} gives out documents",
        )
    return name


def patterns_of(asked: Path | None, settings: Settings) -> Patterns | None:
    """The patterns of the file that is asked for or in the settings; lines that are none are said and left out."""
    path = asked or (Path(settings.patterns).expanduser() if settings.patterns else None)
    if path is None:
        return None
    from annotator.suggest.sources.patterns import read_patterns

    patterns = read_patterns(path)
    for problem in patterns.problems[:_SHOWN_PROBLEMS]:
        print_message(f"{path}: {problem}")
    if (more := len(patterns.problems) - _SHOWN_PROBLEMS) > 0:
        print_message(f"{path}: {more} more lines are no patterns")
    return patterns


def _import(
    paths: list[Path], path: Path, *, labels: str | None, model: str | None, encoding: str, size_limit: int
) -> Store:
    """The store in `path` with these texts in it; what was wrong with them is said."""
    from annotator.cli.transfer_output import say_problems
    from annotator.formats.exchange import ReadOptions, Report
    from annotator.workspace.transfer.importing import import_files

    gc.enable()
    reading = Report()
    store, _ = import_files(
        path,
        paths,
        labels=labels,
        model=model,
        format="text",
        options=ReadOptions(encoding=encoding, size_limit=size_limit),
        reading=reading,
    )
    say_problems(reading.groups.values())
    return store


def check_terminal() -> None:
    """Raise AnnotatorError unless the screen can be drawn: on a terminal, or in a browser by Textual's driver."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise AnnotatorError(
            "the screen needs a terminal for its input and output",
            hint="without one, annotator import and annotator export work",
        )
    kind = os.environ.get("TERM", "")
    if not can_address_cursor(kind):
        raise AnnotatorError(
            f"the screen cannot be drawn on this terminal: TERM is {kind or 'empty'}",
            hint="use another terminal, or set TERM to what yours is, such as TERM=xterm-256color",
        )


def can_address_cursor(kind: str) -> bool:
    """True if a terminal of this kind, as TERM names it, puts its cursor where ANSI's sequence says.

    A kind that the system's terminfo does not have is taken for a new one that does.
    """
    if sys.platform == "win32":
        return True
    if kind in ("", "dumb", "unknown"):
        return False
    import curses

    try:
        curses.setupterm(kind, sys.stdout.fileno())
    except curses.error:
        return True
    return (curses.tigetstr("cup") or b"").startswith(b"\x1b[")
