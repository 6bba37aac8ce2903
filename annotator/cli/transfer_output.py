"""What `import`, `export` and `convert` say of what came through and what did not, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from annotator.cli.output import print_json, print_lines, print_message
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.formats.exchange import AnnotatedDocument, Part, Problem, ProblemGroup, Report
    from annotator.workspace.transfer.comparing import Comparison

_SHOWN_PROBLEMS = 20
_SHOWN_DOCUMENTS = 3
_SHOWN_CHARACTERS = 600


class Preview:
    """Shows the first documents of an import that is only tried, on standard output, or keeps them for `--json`."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.documents: list[dict[str, Any]] = []
        self._as_json = as_json
        self._count = 0

    def show(self, annotated: AnnotatedDocument) -> None:
        """Show a document, if it is one of the first."""
        from annotator.formats.preview import bracketed

        self._count += 1
        if self._count > _SHOWN_DOCUMENTS:
            return
        text = bracketed(annotated, limit=_SHOWN_CHARACTERS)
        document = annotated.document
        whose = f", by {annotated.annotator}" if annotated.annotator else ""
        if self._as_json:
            self.documents.append(
                {
                    "id": document.id,
                    "title": document.title,
                    "status": annotated.status.value,
                    "annotator": annotated.annotator,
                    "text": text,
                }
            )
            return
        print_lines(f"{document.title} ({document.id}): {annotated.status.value}{whose}")
        print_lines(*(f"    {line}" for line in text.splitlines()), "")


def say_problems(groups: Iterable[ProblemGroup]) -> None:
    """List the first problems, those that are alike as one, and how many more there are, on stderr."""
    groups = list(groups)
    for group in groups[:_SHOWN_PROBLEMS]:
        print_message(f"annotator: {group}")
    if len(groups) > _SHOWN_PROBLEMS:
        more = sum(group.count for group in groups[_SHOWN_PROBLEMS:])
        print_message(f"annotator: and {more} more; --json lists them")


def say_losses(report: Report, format: str) -> None:
    """Say in one line on stderr what describes the documents and is not held by the format written."""
    lost = [f"{loss.name} ({loss.count:,})" for loss in report.losses.values() if loss.is_told]
    if lost:
        print_message(f"{format} does not hold {', '.join(lost)}")


def say_written(target: str, report: Report, *, format: str) -> None:
    """Say on stderr what was written, and what could not be written as it is."""
    say_problems(report.groups.values())
    say_losses(report, format)
    print_message(", ".join([f"{target}: {written_totals(report)}", *lost_totals(report)]))


def say_verdict(comparison: Comparison, reports: Iterable[Report]) -> None:
    """Say on stderr whether two sides hold the same annotations."""
    totals = f"{counted(comparison.documents, 'document')}, {counted(comparison.spans, 'span')}"
    if comparison.is_same:
        spaced = f", {comparison.spaced:,} of them with other white space" if comparison.spaced else ""
        verdict = f"the same annotations: {totals}{spaced}"
    else:
        verdict = f"{counted(len(comparison.differences), 'difference')} in {totals}"
    print_message(", ".join([verdict, *lost_totals(*reports)]))


def written_totals(report: Report) -> str:
    """The totals of what was written, such as "2 documents, 3 spans, 1 left out"."""
    changes = {"left out": report.skipped, "expanded to tokens": report.expanded}
    return ", ".join(
        [
            counted(report.documents, "document"),
            counted(report.spans, "span"),
            *(f"{count} {what}" for what, count in changes.items() if count),
        ]
    )


def lost_totals(*reports: Report) -> list[str]:
    """What of the input is missing although no option allowed it, such as ["lost: 2 spans"]; empty if nothing is."""
    lost = _lost(reports)
    parts = [counted(count, part.value) for part, count in sorted(lost.items()) if count]
    return [f"lost: {', '.join(parts)}"] if parts else []


def exit_if_lost(*reports: Report) -> None:
    """End with exit code 1 if something of the input is missing and no option allowed that."""
    if any(report.lost.total() for report in reports):
        raise typer.Exit(1)


def print_report(totals: Mapping[str, Any], *reports: Report) -> None:
    """Print totals as JSON, with all problems that were kept, what was lost and what the format does not hold."""
    groups = [group for report in reports for group in report.groups.values()]
    losses = [loss for report in reports for loss in report.losses.values()]
    lost = _lost(reports)
    print_json(
        {
            **totals,
            "lost": {part.value: count for part, count in sorted(lost.items())},
            "not_held": {loss.path: loss.count for loss in losses},
            "not_held_first_in": {loss.path: loss.first_document for loss in losses},
            "problem_count": sum(report.problem_count for report in reports),
            "problems": [_problem(problem) for report in reports for problem in report.problems],
            "alike": [
                {"count": group.count, "last": group.last_place, **_problem(group.first)}
                for group in groups
                if group.count > 1
            ],
        }
    )


def _lost(reports: Iterable[Report]) -> Counter[Part]:
    total: Counter[Part] = Counter()
    for report in reports:
        total.update(report.lost)
    return total


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "document": problem.document,
        "place": problem.place,
        "message": problem.message,
        "loses": problem.loses.value if problem.loses is not None else None,
        "is_allowed": problem.is_allowed,
    }
