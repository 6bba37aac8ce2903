"""What an audit's findings and their mending are called, on the screen and on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.measure.consistency import UNMARKED, Finding
from annotator.model.counting import counted
from annotator.model.dismissals import Dismissal, FindingKind
from annotator.model.edges import Edge

_SURFACE_CHARACTERS = 40


def told_kind(finding: Finding) -> str:
    """What is not alike, such as "labels", "missed" or "article “the”"."""
    return told_edge(finding.edge) if finding.edge is not None else finding.kind.value


def told_edge(edge: Edge) -> str:
    """An edge, such as "article “the”"."""
    return f"{edge.kind.value} “{edge.word}”" if edge.word else edge.kind.value


def told_treatment(treatment: str) -> str:
    """A treatment by a word: a label is its own."""
    return "not marked" if treatment == UNMARKED else treatment


def told_counts(finding: Finding) -> str:
    """How often each treatment was given, such as "LOC 9, ORG 1", and that no one is the most frequent."""
    counts = ", ".join(f"{told_treatment(name)} {count:,}" for name, count in finding.counts)
    return counts if finding.majority is not None else f"{counts}, a tie"


def told_judgement(judgement: Dismissal, *, is_dismissed: bool) -> str:
    """Who judged a finding to be fine, and when; and if it is not dismissed any more, why."""
    who_when = f"dismissed by {judgement.who}, {judgement.when[:10]}"
    return who_when if is_dismissed else f"new since {who_when}"


def mend_title(findings: Sequence[Finding], treatment: str | None = None) -> str:
    """What the step that mends these is called."""
    if len(findings) != 1:
        return f"mend {counted(len(findings), 'finding')}"
    (finding,) = findings
    surface = finding.surface
    if len(surface) > _SURFACE_CHARACTERS:
        surface = f"{surface[:_SURFACE_CHARACTERS]}…"
    chosen = treatment or finding.majority
    if finding.kind is FindingKind.EDGES and finding.edge is not None:
        return f"mend {surface}: {chosen} {told_edge(finding.edge)}"
    return f"mend {surface}: {chosen}" if chosen else f"mend {surface}"
