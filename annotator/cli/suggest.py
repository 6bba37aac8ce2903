"""`annotator suggest`: suggestions for a whole store, ahead of anybody who opens it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import JsonOption, ModelOption, PatternsOption, StoreOption, store_path
from annotator.cli.output import (
    LINE_PAUSE,
    clear_passing,
    is_terminal,
    print_json,
    print_message,
    show_passing,
)
from annotator.model.counting import counted
from annotator.throttle import Throttle

if TYPE_CHECKING:
    from annotator.suggest.sources.resolution import ResolvedPipeline
    from annotator.workspace.suggesting import Progress, SuggestReport

_SHOWN_MISSING = 20


def suggest(
    store: StoreOption = None,
    model: ModelOption = None,
    patterns: PatternsOption = None,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            min=1,
            help="How many work at once; by default one a processor.",
            show_default=False,
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Anew for documents that have some already.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Compute suggestions for every document that has none yet; exit code 1 if some are missing at the end.

    Ctrl-C stops it, and the same command goes on from there. The screen shows them at once.

    Example: annotator suggest --store news
    """
    from annotator.cli.annotate import patterns_of
    from annotator.settings import read_settings
    from annotator.suggest.sources.resolution import resolve
    from annotator.suggest.worker.pool import processors
    from annotator.workspace.opening import pipeline_asked
    from annotator.workspace.suggesting import suggest_all

    opened = opened_store(store_path(store))
    settings = read_settings()
    pipeline = resolve(pipeline_asked(opened, asked=model, settings=settings)).for_labels(
        opened.info.label_set
    )
    if (chosen_patterns := patterns_of(patterns, settings)) is not None:
        pipeline = pipeline.with_patterns(chosen_patterns)
    processes = processes or processors()
    progress = _progress()
    report = suggest_all(opened, pipeline, processes=processes, again=again, progress=progress)
    if progress is not None:
        clear_passing()
    opened.close()
    if as_json:
        print_json(
            {
                "pipeline": pipeline.title,
                "processes": processes,
                "documents": report.documents,
                "cached": report.cached,
                "computed": report.computed,
                "missing": [
                    {"document": missing.name, "reason": missing.reason} for missing in report.missing
                ],
                "problems": list(report.problems),
                "seconds": round(report.seconds, 3),
                "per_second": round(report.per_second, 2),
            }
        )
    _say(report)
    print_message(f"{opened.path}: {_summary(report, pipeline)}")
    if report.missing:
        raise typer.Exit(1)


def _say(report: SuggestReport) -> None:
    for problem in report.problems:
        print_message(f"annotator: {problem}")
    for missing in report.missing[:_SHOWN_MISSING]:
        print_message(f"annotator: {missing}")
    if len(report.missing) > _SHOWN_MISSING:
        print_message(f"annotator: and for {len(report.missing) - _SHOWN_MISSING} more")


def _summary(report: SuggestReport, pipeline: ResolvedPipeline) -> str:
    what = "tokens, and no suggestions," if pipeline.is_blank else "suggestions"
    parts = [f"{what} for {counted(report.computed, 'document')} by {pipeline.title}"]
    if report.computed:
        parts.append(f"{report.per_second:.1f} a second")
    if report.cached:
        parts.append(f"{report.cached} had them before")
    if report.missing:
        parts.append(f"{len(report.missing)} missing")
    return ", ".join(parts)


def _progress() -> Progress | None:
    """Says how many documents are done, how many a second and the time left; None where nobody looks on."""
    if not is_terminal(sys.stderr):
        return None
    started = time.monotonic()
    throttle = Throttle(LINE_PAUSE)

    def show(done: int, total: int) -> None:
        if not throttle.allow():
            return
        rate = done / max(time.monotonic() - started, 1e-9)
        left = f", {(total - done) / rate:,.0f} s left" if 0 < done < total else ""
        show_passing(f"suggestions: {done}/{total}, {rate:.1f} a second{left}")

    return show
