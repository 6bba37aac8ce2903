"""How findings of an audit and their places are drawn, as runs; pure."""

from __future__ import annotations

from annotator.cells.fitting import cell_width, filled
from annotator.measure.consistency import UNMARKED, Finding, Place
from annotator.model.dismissals import FindingKind
from annotator.model.labels import LabelSet
from annotator.tui.widgets.context_row import context_runs, filled_runs, label_look
from annotator.tui.widgets.looks import Run
from annotator.workspace.audit.texts import told_kind, told_treatment
from annotator.workspace.contexts import Context

_GAP: Run = ("  ", "plain")
_KIND_CELLS = 16
_CHOICE_CELLS = 16
_STATE_CELLS = 22
_TITLE_CELLS = 30
_TITLE_FROM = 100
"""From this width on a place's document stands beside it; else the status line has it."""


def treatment_run(finding: Finding, treatment: str, label_set: LabelSet) -> Run:
    """A treatment by its word, in the colour of its label if it is one."""
    if treatment == UNMARKED:
        return told_treatment(treatment), "muted"
    is_edge = finding.kind is FindingKind.EDGES
    return treatment, "plain" if is_edge else label_look(treatment, label_set)


def count_runs(finding: Finding, label_set: LabelSet) -> list[Run]:
    """How often each treatment was given, the majority standing out by its place; a tie is called one."""
    runs: list[Run] = []
    for name, count in finding.counts:
        runs += [
            *([("  ", "plain")] if runs else []),
            treatment_run(finding, name, label_set),
            (f" {count:,}", "plain"),
        ]
    if finding.majority is None:
        runs.append(("  a tie", "warn"))
    return runs


def finding_headings(width: int) -> list[Run]:
    """The headings above the findings."""
    runs: list[Run] = []
    for text, cells in zip(("text", "what", "how often", "becomes"), finding_cells(width), strict=True):
        runs += [*([_GAP] if runs else []), (filled(text, cells), "muted")]
    return runs


def finding_cells(width: int) -> tuple[int, int, int, int]:
    """The cells of a finding's columns: its text, what is not alike, how often, and what is chosen."""
    room = max(0, width - _KIND_CELLS - _CHOICE_CELLS - 3 * len(_GAP[0]))
    return room // 3, _KIND_CELLS, room - room // 3, _CHOICE_CELLS


def finding_row(
    finding: Finding, chosen: list[str], width: int, label_set: LabelSet, *, is_dismissed: bool
) -> list[Run]:
    """A finding; `chosen` are the treatments chosen for places of it."""
    text, kind, counts, choice = finding_cells(width)
    becomes = [("dismissed", "muted")] if is_dismissed else _choice_runs(finding, chosen, label_set)
    return [
        (filled(finding.surface, text), "muted" if is_dismissed else "strong"),
        _GAP,
        (filled(told_kind(finding), kind), "muted"),
        _GAP,
        *filled_runs(count_runs(finding, label_set), counts),
        _GAP,
        *filled_runs(becomes, choice),
    ]


def _choice_runs(finding: Finding, chosen: list[str], label_set: LabelSet) -> list[Run]:
    if not chosen:
        return [("·", "muted")]
    names = list(dict.fromkeys(chosen))
    name: Run = treatment_run(finding, names[0], label_set) if len(names) == 1 else ("several", "plain")
    return [("→ ", "key"), name, (f" {len(chosen):,}", "key")]


def place_row(
    finding: Finding,
    place: Place,
    chosen: str | None,
    context: Context,
    title: str,
    width: int,
    label_set: LabelSet,
) -> list[Run]:
    """A place in its text: what it is and what it becomes, the words around it, and on a wide screen its document."""
    is_odd = place.treatment != finding.majority
    now = treatment_run(finding, place.treatment, label_set)
    becomes = [("→ ", "key"), treatment_run(finding, chosen, label_set)] if chosen is not None else []
    state = filled_runs([now, *([(" ", "plain"), *becomes] if becomes else [])], _STATE_CELLS)
    title_cells = _TITLE_CELLS if width >= _TITLE_FROM else 0
    room = (
        width
        - sum(cell_width(text) for text, _ in state)
        - len(_GAP[0])
        - title_cells
        - (2 if title_cells else 0)
    )
    look = label_look(place.label, label_set) if place.label else "hit"
    words = context_runs(context, place.label, look, room, is_odd=is_odd)
    runs = [*state, _GAP, *filled_runs(words, room)]
    if title_cells:
        runs += [_GAP, (filled(title, title_cells), "muted")]
    return runs
