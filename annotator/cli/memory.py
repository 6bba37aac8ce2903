"""`annotator memory`: what was learnt from decisions, and what it is told by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import AnnotatorOption, JsonOption, StoreOption, store_path
from annotator.cli.output import print_json, print_lines, print_message, print_table
from annotator.errors import UsageError

if TYPE_CHECKING:
    from annotator.suggest.memory.rows import FormRow


def memory(
    words: Annotated[
        str | None, typer.Argument(help="Only forms with these letters; by default all.", show_default=False)
    ] = None,
    store: StoreOption = None,
    annotator: AnnotatorOption = None,
    everybody: Annotated[
        bool,
        typer.Option("--all", help="Learn from every annotator and gold, not from your own decisions alone."),
    ] = False,
    pin: Annotated[
        list[str] | None,
        typer.Option("--pin", help="FORM=LABEL: always suggest a form with this label.", show_default=False),
    ] = None,
    block: Annotated[
        list[str] | None, typer.Option("--block", help="Never suggest a form.", show_default=False)
    ] = None,
    forget: Annotated[
        list[str] | None,
        typer.Option(
            "--forget", help="Let what was decided on a form by now count no more.", show_default=False
        ),
    ] = None,
    release: Annotated[
        list[str] | None,
        typer.Option(
            "--release", help="Take back what was pinned, blocked or forgotten of a form.", show_default=False
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many forms and habits to show.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """Show what suggestions have learnt from decisions, and why, and tell them what to do with a form.

    Example: annotator memory --store news --pin "Rail Union=ORG" --block Tuesday
    """
    from annotator.settings import annotator_name, read_settings
    from annotator.store.layout import check_annotator
    from annotator.suggest.memory.rows import form_rows, habit_rows
    from annotator.workspace.learning.memory_edits import edit_memory, remembered

    settings = read_settings()
    name = check_annotator(annotator_name(annotator, settings))
    opened = opened_store(store_path(store))
    whose = "all" if everybody or settings.learning == "all" else "own"
    memory_of_annotator = remembered(opened, name, whose=whose)
    if pin or block or forget or release:
        edit_memory(
            opened,
            memory_of_annotator,
            pins=[_pin(text) for text in pin or ()],
            blocks=block or (),
            forgets=forget or (),
            releases=release or (),
        )
    forms = [
        row
        for row in form_rows(memory_of_annotator)
        if words is None or words.casefold() in row.surface.casefold()
    ]
    habits = habit_rows(memory_of_annotator) if words is None else []
    if as_json:
        print_json({"forms": list(map(asdict, forms)), "habits": list(map(asdict, habits))})
        return
    if not forms and not habits:
        print_message(f"nothing was learnt yet from {'anybody' if whose == 'all' else name}")
        return
    if forms:
        headings = ["form", "suggested as", "score", "accepted", "corrected", "rejected", "why"]
        print_table(headings, [_cells(row) for row in forms[:limit]])
    if habits:
        print_lines()
        print_table(["times", "habit"], [[str(row.times), row.reason] for row in habits[:limit]])
    if (more := max(len(forms), len(habits)) - limit) > 0:
        print_message(f"{more} more: --limit shows them")


def _pin(asked: str) -> tuple[str, str]:
    surface, _, label = asked.rpartition("=")
    if not surface or not label:
        raise UsageError(f"--pin {asked} names no form and label", hint='write --pin "Rail Union=ORG"')
    return surface, label


def _cells(row: FormRow) -> list[str]:
    score = "" if row.score is None else f"{row.score:.2f}"
    counts = [str(count) if count else "" for count in (row.accepted, row.corrected, row.rejected)]
    return [row.surface, row.label or "–", score, *counts, row.edit or row.reason]
