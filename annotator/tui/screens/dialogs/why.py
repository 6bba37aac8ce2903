"""Why: all that is known of one mark, and what its label means."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.editing.marks import Mark, State
from annotator.model.assignments import Returned
from annotator.model.decisions import By, Comment, Verb, local_time
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.suggest.combination.proposals import Proposal
from annotator.tui.screens.dialogs.comments import comment_entries
from annotator.tui.screens.dialogs.entries import Entry
from annotator.tui.screens.dialogs.message import MessageDialog

_SOURCES = {
    "model": "the model",
    "pattern": "a pattern",
    "memory": "memory of earlier decisions",
    "document": "the same name elsewhere in the document",
}
_PAST = {
    Verb.ACCEPT: "accepted",
    Verb.RELABEL: "relabelled",
    Verb.RESIZE: "resized",
    Verb.ADD: "added",
    Verb.DOUBT: "doubted",
    Verb.NOTE: "noted",
}
_HOW = {
    By.KEY: "",
    By.BULK: ", with others",
    By.DOCUMENT: ", with the document",
    By.IMPORT: ", by an import",
    By.AGREEMENT: ", as all annotators agree",
}


def why_dialog(
    mark: Mark,
    text: str,
    label_set: LabelSet,
    *,
    comments: Sequence[Comment] = (),
    returned: Returned | None = None,
    proposal: Proposal | None = None,
) -> MessageDialog:
    """Where a mark on `text` comes from, who decided on it and when, its note, and what its label means.

    Above that stands what a reviewer said about it, and a lead who sent the document back. `proposal` tells which
    sources agree on an open suggestion, and why it looks as it does.
    """
    said = comment_entries(comments, returned)
    about = [*_about_label(mark, label_set), _BLANK, *_about_origin(mark), *_about_proposal(proposal)]
    return MessageDialog(text, [*said, _BLANK, *about] if said else about)


_BLANK = Entry("", ())


def _entry(term: str, text: str, look: str = "plain") -> Entry:
    return Entry(term, ((text, look),), "muted")


def _about_label(mark: Mark, label_set: LabelSet) -> list[Entry]:
    label = label_set.by_name.get(mark.label)
    if label is None:
        return [
            Entry(
                "label",
                ((mark.label, "strong"), (f" is not in the label set {label_set.name}", "warn")),
                "muted",
            )
        ]
    key = f" key {label.key}" if label.key else ""
    entries = [Entry("label", ((mark.label, label.colour), (key, "muted")), "muted")]
    if label.description:
        entries.append(_entry("means", label.description))
    if label.examples:
        entries.append(_entry("such as", ", ".join(label.examples)))
    return entries


def _about_origin(mark: Mark) -> list[Entry]:
    entries = [] if mark.suggestion is None else _about_suggestion(mark, mark.suggestion)
    if mark.state is State.REJECTED:
        entries.append(_entry("state", "rejected", "warn"))
    elif mark.decided is None:
        entries.append(_entry("state", "nobody has decided on it yet"))
    else:
        decision, span = mark.decided.decision, mark.decided.span
        when = local_time(decision.when)
        entries.append(
            _entry(
                "decided",
                f"{_PAST.get(decision.verb, decision.verb)} by {decision.who}, {when.day} {when:%b %Y %H:%M}{_HOW[decision.by]}",
                "good",
            )
        )
        if span.doubt:
            entries.append(_entry("doubt", "flagged as doubtful", "warn"))
        if span.note:
            first, *others = f"“{span.note}”".split("\n")
            entries += [_entry("note", first), *(_entry(" ", line) for line in others)]
        if span.kb_id:
            entries.append(_entry("linked to", span.kb_id))
    return entries


def _about_proposal(proposal: Proposal | None) -> list[Entry]:
    if proposal is None:
        return []
    others = ", ".join(_SOURCES.get(source, source) for source in proposal.sources[1:])
    reasons = [_entry("" if index else "because", reason) for index, reason in enumerate(proposal.reasons)]
    return [*([_entry("also from", others)] if others else []), *reasons]


def _about_suggestion(mark: Mark, suggestion: Suggestion) -> list[Entry]:
    name = f", {suggestion.name}" if suggestion.name else ""
    entries = [_entry("from", _SOURCES.get(suggestion.source, suggestion.source) + name)]
    if suggestion.score is None:
        entries.append(_entry("score", "the source gives none", "muted"))
    else:
        look = "warn" if mark.doubt and mark.state is State.UNDECIDED else "plain"
        entries.append(_entry("score", f"{suggestion.score:.2f}, {suggestion.level.value}", look))
    if suggestion.source_label and suggestion.source_label != suggestion.label:
        entries.append(
            _entry("called", f"{suggestion.source_label} by the source, which is {suggestion.label} here")
        )
    edges = "" if (suggestion.start, suggestion.end) == (mark.start, mark.end) else ", with other edges"
    if edges or suggestion.label != mark.label:
        entries.append(_entry("suggested", suggestion.label + edges))
    return entries
