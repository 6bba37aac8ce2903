"""Comments: what a reviewer said about a place, and a lead about the document."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.assignments import Returned
from annotator.model.decisions import Comment, local_time
from annotator.tui.screens.dialogs.entries import Entry
from annotator.tui.screens.dialogs.message import MessageDialog


def comments_dialog(title: str, comments: Sequence[Comment], returned: Returned | None) -> MessageDialog:
    """Shows both whole; `title` says where they are."""
    return MessageDialog(title, comment_entries(comments, returned))


def comment_entries(comments: Sequence[Comment], returned: Returned | None) -> list[Entry]:
    """An entry for each comment, and for the return of the document."""
    entries = [Entry("reviewer", ((f"“{each.text}”", "strong"),), "muted") for each in comments]
    if returned is not None:
        when = local_time(returned.when)
        entries.append(
            Entry(
                "sent back",
                (
                    (f"by {returned.who}, {when.day} {when:%b %Y %H:%M}:", "muted"),
                    (f" “{returned.comment}”", "strong"),
                ),
                "muted",
            )
        )
    return entries
