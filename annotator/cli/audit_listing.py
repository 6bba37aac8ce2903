"""How `annotator audit` lists what it has found, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from annotator.cli.output import print_json, print_lines, print_message
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.measure.consistency import Finding, Place
    from annotator.model.dismissals import Dismissal
    from annotator.workspace.audit.search import Audit
    from annotator.workspace.contexts import Contexts

_PLACES = 3
"""So many places of a finding are listed; a program gets all."""
_AROUND = 24
"""So many characters of the text stand on either side of a place."""
_TITLE_CELLS = 40


def print_findings(audit: Audit, contexts: Contexts, *, limit: int, dismissed: bool, as_json: bool) -> None:
    """Tell the findings, or with `dismissed` those that were judged to be fine."""
    findings = audit.dismissed if dismissed else audit.findings
    if as_json:
        print_json(_as_json(audit, findings, contexts, limit))
        return
    _print_rows(audit, findings[:limit], contexts, dismissed=dismissed)
    what = "dismissed finding" if dismissed else "finding"
    summary = (
        f"{counted(len(findings), what)} in {counted(audit.sets, 'annotation set')} of {audit.annotator}"
    )
    if len(findings) > limit:
        summary += f", {len(findings) - limit:,} more of them with --limit"
    if audit.dismissed and not dismissed:
        summary += f", {counted(len(audit.dismissed), 'dismissed one')} with --dismissed"
    print_message(summary)


def _print_rows(audit: Audit, shown: Sequence[Finding], contexts: Contexts, *, dismissed: bool) -> None:
    from annotator.cells.fitting import cell_width, drawable, filled
    from annotator.workspace.audit.texts import told_counts, told_judgement, told_kind

    numbers = len(str(len(shown)))
    names = min(40, max((cell_width(drawable(finding.surface)) for finding in shown), default=0))
    for number, finding in enumerate(shown, 1):
        judgement = audit.judgements.get(finding.key)
        judged = f"  ({told_judgement(judgement, is_dismissed=dismissed)})" if judgement is not None else ""
        print_lines(
            f"{number:>{numbers}}  {filled(finding.surface, names)}  {told_kind(finding)}: {told_counts(finding)}{judged}"
        )
        odd = finding.odd
        for place in odd[:_PLACES]:
            print_lines(f"{' ' * numbers}    {_told_place(place, contexts)}")
        if len(odd) > _PLACES:
            print_lines(f"{' ' * numbers}    and {len(odd) - _PLACES:,} more")


def _told_place(place: Place, contexts: Contexts) -> str:
    from annotator.cells.fitting import fitted
    from annotator.workspace.audit.texts import told_treatment

    before, at, behind = contexts.around(place, _AROUND)
    label = f" {place.label}" if place.label else ""
    how = "" if place.label == place.treatment else f" ({told_treatment(place.treatment)})"
    title = fitted(contexts.title(place.document), _TITLE_CELLS)
    return f"{before}[{at}{label}]{behind}{how}  {title}"


def _as_json(audit: Audit, findings: Sequence[Finding], contexts: Contexts, limit: int) -> dict[str, Any]:
    return {
        "annotator": audit.annotator,
        "sets": audit.sets,
        "unreadable": audit.unreadable,
        "count": len(findings),
        "dismissed": len(audit.dismissed),
        "findings": [
            {
                "number": number,
                **_finding_as_json(finding, contexts),
                "judged": _judgement_as_json(audit.judgements.get(finding.key)),
            }
            for number, finding in enumerate(findings[:limit], 1)
        ],
    }


def _judgement_as_json(judgement: Dismissal | None) -> dict[str, str] | None:
    return None if judgement is None else {"who": judgement.who, "when": judgement.when}


def _finding_as_json(finding: Finding, contexts: Contexts) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "text": finding.surface,
        "edge": {"kind": finding.edge.kind.value, "word": finding.edge.word} if finding.edge else None,
        "counts": [{"treatment": name or None, "places": count} for name, count in finding.counts],
        "majority": finding.majority,
        "gain": round(finding.gain, 3),
        "places": [
            {
                "document": place.document,
                "title": contexts.title(place.document),
                "start": place.start,
                "end": place.end,
                "label": place.label or None,
                "treatment": place.treatment or None,
                "is_odd": place.treatment != finding.majority,
                **contexts.around(place, _AROUND)._asdict(),
            }
            for place in finding.places
        ],
    }
