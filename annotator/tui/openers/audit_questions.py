"""What the audit screen asks before a step, and says after it."""

from __future__ import annotations

from collections import Counter

from annotator.model.counting import counted
from annotator.store.plans import Plan
from annotator.tui.screens.dialogs.entries import Entry
from annotator.tui.screens.dialogs.message import MessageDialog, choice
from annotator.workspace.audit.harmonise import Mending
from annotator.workspace.contexts import Contexts

_NAMED = 12
"""So many places or documents are named; the rest is counted."""


def mend_dialog(mending: Mending, contexts: Contexts) -> MessageDialog:
    """What the step would do in numbers, and what it leaves alone and why; gives "mend" if it shall be done."""
    lines = [
        Entry(
            "",
            (
                (
                    f"{counted(mending.spans, 'span')} in {counted(mending.sets, 'document')} will change, in one step.",
                    "plain",
                ),
            ),
        )
    ]
    verbs = Counter(each.decision.verb.value for each in mending.plan.planned if each.decision.span)
    lines += [Entry(f"  {name}", ((f"{count:,}", "plain"),)) for name, count in verbs.most_common()]
    if mending.skipped:
        lines += [
            Entry("", (("", "plain"),)),
            Entry("", ((f"{counted(len(mending.skipped), 'place')} left alone:", "warn"),)),
        ]
        for each in mending.skipped[:_NAMED]:
            text = contexts.around(each.place, 0).at
            lines.append(
                Entry(
                    "",
                    (
                        (f"{text}: {each.reason}", "plain"),
                        (f"  {contexts.title(each.place.document)}", "muted"),
                    ),
                )
            )
        lines += _and_more(len(mending.skipped))
    choices = [choice("mend", "enter", "mend", "Do it.")] if mending.spans else []
    return MessageDialog("Make them alike", lines, choices=choices, stay="back")


def undo_dialog(plan: Plan) -> MessageDialog:
    """Which step would be taken back; gives "undo" if it shall be."""
    sets = len(plan.sets) - len(plan.left_out)
    when = plan.when[:16].replace("T", " ")
    lines = [
        Entry("", ((f"“{plan.title}”", "strong"),)),
        Entry("", ((f"by {plan.who}, {when} UTC, in {counted(sets, 'document')}", "plain"),)),
        Entry("", (("Documents decided on since stay as they are.", "muted"),)),
    ]
    return MessageDialog(
        "Take it back",
        lines,
        choices=[choice("undo", "enter u", "take back", "Do it.")],
        stay="leave it",
    )


def left_out_dialog(plan: Plan, contexts: Contexts) -> MessageDialog:
    """Names the documents that a step left out."""
    lines = [
        Entry("", ((contexts.title(each.document), "strong"), (f"  {each.reason}", "plain")))
        for each in plan.left_out[:_NAMED]
    ]
    return MessageDialog(
        f"{counted(len(plan.left_out), 'document')} left as they are",
        [*lines, *_and_more(len(plan.left_out))],
    )


def _and_more(count: int) -> list[Entry]:
    return [Entry("", ((f"and {count - _NAMED:,} more", "muted"),))] if count > _NAMED else []
