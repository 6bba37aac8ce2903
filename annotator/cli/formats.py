"""`annotator formats`: what is read and written, what each format holds and loses, and what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.options import JsonOption
from annotator.cli.output import print_json, print_lines, print_table

if TYPE_CHECKING:
    from annotator.formats.summary import FormatSummary


def formats(
    name: Annotated[
        str | None, typer.Argument(help="Only this one, with all that is known of it.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the formats that are read and written, what each holds and loses, and the extra that it needs.

    Texts and flat spans with their labels are held by all of them.

    Example: annotator formats conll
    """
    from annotator.formats.registry import named
    from annotator.formats.summary import summaries, summary_of

    if name is not None:
        summary = summary_of(named(name))
        if as_json:
            print_json(summary.as_json())
        else:
            _print_one(summary)
        return
    found = list(summaries())
    if as_json:
        print_json([summary.as_json() for summary in found])
        return
    print_table(
        ("format", "in", "out", "extra", "what it is"),
        [
            (
                summary.name,
                _yes(summary.reads),
                _yes(summary.writes),
                _extra(summary),
                summary.description,
            )
            for summary in found
        ],
    )


def _print_one(summary: FormatSummary) -> None:
    print_lines(f"{summary.name}: {summary.description}", "")
    rows = [
        ("read", _yes(summary.reads)),
        ("written", _yes(summary.writes)),
        ("endings", " ".join(summary.endings)),
        ("extra", _extra(summary)),
    ]
    if summary.writes:
        rows += [
            ("holds", ", ".join(("texts", "flat spans", *summary.holds))),
            ("loses", ", ".join(summary.loses) or "nothing"),
        ]
    width = max(len(heading) for heading, _ in rows)
    print_lines(*(f"{heading:{width}}  {value}" for heading, value in rows))


def _yes(value: bool) -> str:
    return "yes" if value else "-"


def _extra(summary: FormatSummary) -> str:
    """The extra that a format needs, and whether it is here."""
    if not summary.extra:
        return "-"
    return summary.extra if summary.is_installed else f"{summary.extra} (not installed)"
