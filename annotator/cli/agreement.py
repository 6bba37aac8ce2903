"""`annotator agreement`: how far annotators agree, as tables, JSON, CSV and a report, or on the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import JsonOption, StoreOption, store_path
from annotator.cli.output import clear_passing, print_json, print_message, progress
from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.measure.agreement import Agreement, Progress
    from annotator.workspace.agreement.selection import FinishedSets


def agreement(
    store: StoreOption = None,
    annotators: Annotated[
        str | None,
        typer.Option("--annotators", help="Whom to compare, by name, with commas between; by default all."),
    ] = None,
    with_gold: Annotated[
        bool, typer.Option("--with-gold/--no-gold", help="Measure each annotator by the gold as well.")
    ] = True,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="The same seed resamples alike, for the intervals.")
    ] = 1,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write all figures to this file, a row a figure.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a report with the differences to this file; it needs no other."),
    ] = None,
    as_json: JsonOption = False,
    is_open: Annotated[
        bool, typer.Option("--open", help="Look at the figures, and the cases behind them, on the screen.")
    ] = False,
) -> None:
    """Say how far annotators agree on the documents that they have finished, and how good each is by the gold.

    Pairs, labels, confusions and figures over all; what cannot be told is n/a, or null in JSON.

    Example: annotator agreement --store news --html agreement.html
    """
    from annotator.cli.annotate import check_terminal
    from annotator.workspace.agreement.selection import FinishedSets, remarks

    names = tuple(name.strip() for name in (annotators or "").split(",") if name.strip())
    opened = opened_store(store_path(store))
    if is_open:
        check_terminal()
    sets = FinishedSets(opened, annotators=names, with_gold=with_gold, seed=seed)
    if is_open:
        _open(sets)
    agreement = _measured(sets.measure())
    said = remarks(sets, agreement)
    if csv is not None:
        from annotator.workspace.agreement.csv import table

        _write(csv, table(agreement))
    if html is not None:
        from annotator.workspace.agreement.html import report

        title = f"Agreement in {opened.path.name}"
        _write(html, report(opened, agreement, title=title, remarks=said))
    opened.close()
    if as_json:
        print_json(agreement.as_json())
    else:
        from annotator.cli.agreement_tables import print_agreement

        print_agreement(agreement)
    print_message(*said)


def _measured(steps: Generator[Progress, None, Agreement]) -> Agreement:
    """Take all steps, and say how far they are; AnnotatorError if the person stops them."""
    said: dict[str, Callable[[int, int], None] | None] = {}
    try:
        while True:
            step = next(steps)
            if step.what not in said:
                said[step.what] = progress(step.what)
            if (say := said[step.what]) is not None and step.total is not None:
                say(step.done, step.total)
    except StopIteration as end:
        if any(said.values()):
            clear_passing()  # what was left out was never counted
        agreement: Agreement = end.value
        return agreement
    except KeyboardInterrupt as interrupt:
        raise AnnotatorError(
            "stopped before all was measured", hint="nothing was written; --annotators a,b compares fewer"
        ) from interrupt


def _write(target: Path, lines: Iterable[str]) -> None:
    from annotator.formats.targets import replacing

    with replacing(target) as file:
        for line in lines:
            file.write(line.encode("utf-8", "replace"))


def _open(sets: FinishedSets) -> NoReturn:
    """Show the figures on the screen, over the documents of whoever looks."""
    from annotator.settings import annotator_name, read_settings
    from annotator.tui.app import run
    from annotator.workspace import Workspace

    settings = read_settings()
    name = annotator_name(None, settings)
    workspace = Workspace(sets.store, annotator=name, settings=settings, sees_all=True)
    sys.exit(run(workspace, begin=lambda openers: openers.show_agreement(sets)))
