"""What the bars of the review screen say, and what is typed into them; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.model.counting import counted
from annotator.model.decisions import Status
from annotator.review.conflict_navigation import Filter
from annotator.review.conflict_state import Counts, Outcome
from annotator.review.conflicts import NONE, Conflict, Kind
from annotator.review.provenance import provenance
from annotator.review.session import ReviewSession
from annotator.tui.screens.document import bars as document_bars
from annotator.tui.screens.document.bars import DOT
from annotator.tui.screens.review.versions import kind_of, name_of, names_of, summary
from annotator.tui.widgets.bar import Piece, spaced
from annotator.tui.widgets.looks import Run

_ROOMY = 50
"""From so many cells on there is room for every word."""
_ADDRESSED = re.compile(r"\s*([1-9](?:\s*,\s*[1-9])*)\s*:\s*(.*)", re.DOTALL)


def progress(session: ReviewSession, space: str, *, is_short: bool) -> list[Piece]:
    """How much of the document is settled, and what the space bar does."""
    counts = session.counts
    if session.gold.status is Status.DONE and not counts.open:
        return [Piece(counted(len(session.gold.spans), "gold span"), "muted")]
    total = counts.open + counts.settled
    said = f"{counts.settled}/{total}" if is_short else f"{counts.settled} of {total} settled"
    does = "next open" if counts.open else "finishes"
    return [Piece(said), DOT, Piece(f"{space} {does}", "muted" if counts.open else "good", "finish")]


def standing(session: ReviewSession, totals: Counts, *, is_counted: bool, width: int) -> list[Piece]:
    """Kind, votes and number of the current conflict, how it is settled; what the cursor stands on if not on it."""
    conflict = session.current
    if conflict is None or session.editor.cursor.selection or not _is_at(session, conflict):
        return document_bars.standing(session.editor, width=width)
    counts = session.counts
    outcome = session.outcome(conflict)
    number = session.navigation.position(conflict)
    known = f"{totals.open}{'' if is_counted else '+'}"
    pieces = [
        Piece(summary(conflict), "plain"),
        Piece(f"{number} of {counts.open + counts.settled} here", "muted"),
        Piece(f"{known} open in all" if width >= _ROOMY else f"{known} in all", "muted"),
    ]
    if outcome is not Outcome.OPEN:
        pieces.insert(1, Piece(f"settled: {outcome}", "good"))
    if session.filter != Filter():
        pieces.append(Piece(f"only {filter_name(session.filter)}", "warn", "filter"))
    return [Piece(f"{kind_of(conflict):<12}", "strong"), *spaced(pieces, DOT)]


def _is_at(session: ReviewSession, conflict: Conflict) -> bool:
    offset = session.editor.cursor.offset
    spans = session.conflict_state.spans(conflict)
    places = [(conflict.start, conflict.end), *((each.start, each.end) for each in spans)]
    return any(start <= offset < end for start, end in places)


# Comments


def addressed(session: ReviewSession, typed: str) -> tuple[str, tuple[str, ...]]:
    """A comment and whom it is for: "2: the article belongs to it" is for those who have version 2, else for all.

    Numbers that no version here has are part of the text.
    """
    match = _ADDRESSED.fullmatch(typed)
    if match is None:
        return typed, ()
    versions = session.versions()
    numbers = [int(number) for number in match[1].split(",")]
    if any(number > len(versions) for number in numbers):
        return typed, ()
    to = {name for number in numbers for name in versions[number - 1].annotators}
    return (match[2], tuple(sorted(to))) if to else (typed, ())


# Filters


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter to choose, what it is called, and how many open conflicts of the document it shows."""

    filter: Filter
    name: str
    count: int


def filter_name(chosen: Filter) -> str:
    """What a filter is called, such as "boundary" or "LOC against ORG"."""
    said = []
    if chosen.kind is not None:
        said.append("spot checks" if chosen.kind is Kind.CHECK else chosen.kind.value)
    if chosen.pair is not None:
        one, other = chosen.pair
        if one == NONE:
            said.append(f"{other} or no entity")
        else:
            said.append(f"{one} with other edges" if one == other else f"{one} against {other}")
    return ", ".join(said) or "all conflicts"


def filter_choices(conflicts: Sequence[Conflict]) -> list[Choice]:
    """All filters that show some of these conflicts: all of them, each kind, each pair of labels."""
    pairs = sorted({pair for conflict in conflicts for pair in conflict.label_pairs})
    filters = [Filter(), *(Filter(kind=kind) for kind in Kind), *(Filter(pair=pair) for pair in pairs)]
    return [
        Choice(each, filter_name(each), shown)
        for each in filters
        if (shown := sum(map(each.fits, conflicts))) or each == Filter() or each.kind is not None
    ]


# Who


def who(session: ReviewSession, conflict: Conflict) -> list[tuple[str, tuple[Run, ...]]]:
    """Who has which version, what is preselected and why, and where what stands in gold comes from: terms and runs."""
    text = session.editor.document.text
    entries: list[tuple[str, tuple[Run, ...]]] = [
        ("kind", ((kind_of(conflict), "strong"), (f", {summary(conflict)}", "plain")))
    ]
    for number, version in enumerate(session.versions(conflict), 1):
        spans = " + ".join(f"{span.label} “{text[span.start : span.end]}”" for span in version.spans)
        names = names_of(session, version.annotators) or "the reviewer"
        entries.append((str(number), ((spans or "no entity", "plain"), (f"  {names}", "muted"))))
    proposal = session.proposal(conflict)
    if proposal is not None:
        entries.append(("preselected", ((_proposed(session, conflict), "plain"),)))
    for decided in session.conflict_state.spans(conflict):
        origin = provenance(decided)
        said = f"{origin.origin}"
        if origin.annotators:
            said += f" of {names_of(session, origin.annotators)}"
        when = decided.decision.when[:16].replace("T", " ")
        entries.append(
            (
                "in gold",
                (
                    (f"{decided.label} “{text[decided.start : decided.end]}”", "good"),
                    (f"  {said}, {decided.decision.who} {when} UTC", "muted"),
                ),
            )
        )
    for remark in conflict.remarks:
        doubt = "doubts it " if remark.span.doubt else ""
        note = f"“{remark.span.note}”" if remark.span.note else ""
        entries.append((name_of(session, remark.annotator), ((f"{doubt}{note}", "plain"),)))
    return entries


def _proposed(session: ReviewSession, conflict: Conflict) -> str:
    proposal = session.proposal(conflict)
    if proposal is None or proposal.version is None:
        return proposal.reason if proposal is not None else ""
    numbers = {version.keys: number for number, version in enumerate(session.versions(conflict), 1)}
    return f"{numbers[proposal.version.keys]}, by {proposal.source} with {proposal.confidence:.2f}"
