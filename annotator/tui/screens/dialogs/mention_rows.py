"""How the mentions of a text in the whole store are counted and drawn, as runs; pure."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.cells.fitting import filled
from annotator.editing.recorder import Draft
from annotator.model.counting import counted
from annotator.model.decisions import Status
from annotator.model.labels import LabelSet
from annotator.tui.widgets.context_row import context_runs, filled_runs, label_look
from annotator.tui.widgets.looks import Run
from annotator.workspace.contexts import Context
from annotator.workspace.steps.mentions import FoundMention, MentionSurvey

_GAP: Run = ("  ", "plain")
_DONE_CELLS, _LEFT_CELLS = 17, 22
"""What is said of a mention that changes, and of one that does not."""
_WIDE_FROM = 90
"""From this width on, titles have more room."""


def numbers(survey: MentionSurvey, key: str, *, takes_done: bool) -> list[list[Run]]:
    """What would change, what of it is in finished documents, which `key` takes in, and what is left alone."""
    changing = survey.changing(takes_done=takes_done)
    alike = f" · {survey.alike:,} so already" if survey.alike else ""
    lines: list[list[Run]] = [
        [(_places(changing), "strong"), (" will change", "plain"), (alike, "muted")]
        if changing
        else [("Nothing would change", "strong"), (alike, "muted")]
    ]
    if finished := survey.finished:
        said = (
            "in finished documents are taken in" if takes_done else "in finished documents stay as they are"
        )
        does = "leaves them" if takes_done else "takes them in"
        lines.append([(f"{len(finished):,} {said} · ", "plain"), (key, "key"), (f" {does}", "plain")])
    if left := survey.left:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in survey.reasons.most_common())
        lines.append([(f"{len(left):,} left alone: {reasons}", "plain")])
    if survey.unreadable:
        lines.append([(f"{counted(len(survey.unreadable), 'document')} could not be read", "warn")])
    return lines


def _places(mentions: Sequence[FoundMention]) -> str:
    documents = len({each.document for each in mentions})
    return f"{counted(len(mentions), 'mention')} in {counted(documents, 'document')}"


def mention_row(
    mention: FoundMention, context: Context, title: str, width: int, label: str, label_set: LabelSet
) -> list[Run]:
    """A mention with the words around it, what becomes of it or why nothing, and its document."""
    is_changing = isinstance(mention.outcome, Draft)
    look = label_look(label, label_set) if is_changing and label else "hit"
    title_cells = width // 4 if width < _WIDE_FROM else 30
    outcome_cells = _DONE_CELLS if is_changing else _LEFT_CELLS
    room = max(0, width - title_cells - outcome_cells - 2 * len(_GAP[0]))
    words = context_runs(context, label if is_changing else "", look, room, is_odd=is_changing)
    return [
        *filled_runs(words, room),
        _GAP,
        (filled(_outcome(mention), outcome_cells), "plain" if is_changing else "muted"),
        _GAP,
        (filled(title, title_cells), "muted"),
    ]


def _outcome(mention: FoundMention) -> str:
    """What becomes of a mention in a word or two, or why nothing does."""
    if not isinstance(mention.outcome, Draft):
        return str(mention.outcome)
    verb = mention.outcome.verb.value
    return f"{verb}, finished" if mention.status is Status.DONE else verb
