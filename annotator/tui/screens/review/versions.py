"""The versions of a conflict as lines of a panel: number, label, text, votes and who; pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from annotator.cells.directions import has_right_to_left, is_rtl
from annotator.cells.fitting import cell_width, drawable, fitted
from annotator.cells.widths import clusters
from annotator.model.counting import counted
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.review.conflicts import Conflict, Kind, Version
from annotator.review.preselection import Proposal
from annotator.review.session import ReviewSession
from annotator.tui.widgets.bar import Piece, pieces_width

Line = list[Piece]

_WIDEST_LABEL = 14
_INDENT = Piece("   ")
_MODEL = "model:"


def panel(session: ReviewSession, *, width: int, height: int, key: str) -> list[Line]:
    """The current conflict in `width` by `height` cells; `key` takes what is preselected.

    Each version has three lines where there is room for that, else one.
    """
    conflict, proposal = session.current, session.proposal()
    if conflict is None or proposal is None:
        return [[Piece(" Everybody agrees on all of this document.", "muted")]]
    said = _said(session, conflict, proposal, key)
    for draw in (_roomy, _close):
        lines = draw(session, conflict, proposal, width=width, key=key)
        if len(lines) + len(said) <= height:
            break
    room = height - min(len(said), max(1, height // 4))
    if len(lines) > room:
        hidden = len(session.versions(conflict)) - room + 1
        lines = [
            *lines[: room - 1],
            [Piece(f"   {hidden} more versions: ", "muted"), Piece("i", "key", "who")],
        ]
    return [*lines, *said][:height]


def name_of(session: ReviewSession, annotator: str) -> str:
    """What an annotator is called on the screen; the model by that word."""
    shown = session.name(annotator)
    return "the model" if shown.startswith(_MODEL) else shown


def names_of(session: ReviewSession, annotators: Sequence[str]) -> str:
    """Several names, with commas."""
    return ", ".join(name_of(session, each) for each in annotators)


def _roomy(
    session: ReviewSession, conflict: Conflict, proposal: Proposal, *, width: int, key: str
) -> list[Line]:
    heading: Line = [Piece(f" {kind_of(conflict)}", "strong")]
    lines: list[Line] = [_ends(heading, [Piece(f"{session.outcome(conflict)} ", "muted")], width), []]
    for number, version in enumerate(session.versions(conflict), 1):
        action = f"take:{number}"
        first: Line = [Piece(f" {number} ", "key", action), *_labels(session, version, action)]
        lines += [
            _ends(first, [*_standing(version, proposal, key), Piece(" ")], width),
            [_INDENT, *_text(session, conflict, version, width - 4, action)],
            [_INDENT, *_who(session, conflict, version, width - 4)],
            [],
        ]
    return lines


def _close(
    session: ReviewSession, conflict: Conflict, proposal: Proposal, *, width: int, key: str
) -> list[Line]:
    versions = session.versions(conflict)
    labels = min(_WIDEST_LABEL, max(pieces_width(_labels(session, each, "")) for each in versions))
    text = max(12, (width - labels - 6) // 2)
    lines: list[Line] = []
    for number, version in enumerate(versions, 1):
        action = f"take:{number}"
        named = _labels(session, version, action)
        shown = _text(session, conflict, version, text, action)
        marks = _standing(version, proposal, key)
        used = 3 + labels + 1 + text + 2
        lines.append(
            _ends(
                [
                    Piece(f" {number} ", "key", action),
                    *_cut(named, labels),
                    Piece(" " * (1 + max(0, labels - pieces_width(named)))),
                    *shown,
                    Piece(" " * (2 + text - pieces_width(shown))),
                    *_who(session, conflict, version, max(0, width - used - pieces_width(marks) - 2)),
                ],
                [*marks, Piece(" ")],
                width,
            )
        )
    return lines


def kind_of(conflict: Conflict) -> str:
    """What the kind of a conflict is called."""
    return "spot check" if conflict.kind is Kind.CHECK else conflict.kind.value


def _labels(session: ReviewSession, version: Version, action: str) -> Line:
    names = list(dict.fromkeys(span.label for span in version.spans))
    label_set = session.editor.label_set
    pieces: Line = []
    for name in names:
        pieces += [Piece("+", "muted", action)] if pieces else []
        pieces.append(Piece(name, _hue(label_set, name), action))
    return pieces or [Piece("no entity", "muted", action)]


def _hue(label_set: LabelSet, name: str) -> str:
    label = label_set.by_name.get(name)
    return label.colour if label is not None else "warn"


def _standing(version: Version, proposal: Proposal, key: str) -> Line:
    """Whether a version is preselected, and whether it stands in gold."""
    pieces = [Piece("in gold", "good")] if version.in_gold else []
    if proposal.version is not None and proposal.version.keys == version.keys:
        pieces += [Piece(" "), Piece(f" {key} ", "hit", "take_preselection")]
    return pieces


def _who(session: ReviewSession, conflict: Conflict, version: Version, cells: int) -> Line:
    if not version.annotators:
        return [Piece(fitted("yours", cells), "muted")]
    votes = f"{version.votes} of {conflict.votes}"
    names = fitted(names_of(session, version.annotators), cells - cell_width(votes) - 2)
    return [Piece(votes, "plain"), Piece(f"  {names}", "muted")]


def _said(session: ReviewSession, conflict: Conflict, proposal: Proposal, key: str) -> list[Line]:
    """Why nothing is preselected, what annotators noted, and what they were told."""
    lines: list[Line] = []
    if proposal.version is None and not any(each.in_gold for each in session.versions(conflict)):
        lines.append([Piece(f" {key} ", "key"), Piece(proposal.reason, "muted")])
    for remark in conflict.remarks:
        who = name_of(session, remark.annotator)
        noted = f" “{remark.span.note}”" if remark.span.note else ""
        doubt = " doubts it" if remark.span.doubt else ""
        lines.append([Piece(f" {who}{doubt}", "warn" if doubt else "muted"), Piece(noted, "plain")])
    for comment in session.gold.comments:
        if comment.start < conflict.end and conflict.start < comment.end:
            to = names_of(session, comment.to) or "all"
            lines.append([Piece(f" told {to}", "muted"), Piece(f" “{comment.text}”", "plain")])
    return lines


def _text(session: ReviewSession, conflict: Conflict, version: Version, cells: int, action: str) -> Line:
    """What a version marks of the conflict's text: its spans in brackets, where they are not all of it."""
    text, label_set = session.editor.document.text, session.editor.label_set
    start = min(conflict.start, *(span.start for span in version.spans)) if version.spans else conflict.start
    end = max(conflict.end, *(span.end for span in version.spans)) if version.spans else conflict.end
    if not version.spans:
        return [Piece(_middle(drawable(text[start:end]), cells), "muted", action)]
    is_backward = is_rtl(text[start:end])
    # Where both directions meet, pieces that are cut at a span's edge could not be put in order.
    is_mixed = has_right_to_left(text[start:end]) and not is_backward
    is_listed = is_mixed or any(a.end > b.start for a, b in pairwise(version.spans))
    pieces = (
        _listed(version.spans, text, label_set)
        if is_listed
        else _bracketed(version.spans, text, (start, end), label_set)
    )
    if pieces_width(pieces) > cells and not is_listed:
        pieces = _listed(version.spans, text, label_set)
    if pieces_width(pieces) > cells:
        share = max(3, (cells - 3 * (len(version.spans) - 1)) // len(version.spans))
        pieces = [Piece(_middle(piece.text, share), piece.style) for piece in pieces]
    pieces = [Piece(piece.text, piece.style, action) for piece in _cut(pieces, cells)]
    return pieces[::-1] if is_backward else pieces


def _listed(spans: Sequence[Span], text: str, label_set: LabelSet) -> Line:
    pieces: Line = []
    for span in spans:
        pieces += [Piece(" + ", "muted")] if pieces else []
        pieces.append(Piece(drawable(text[span.start : span.end]), _hue(label_set, span.label)))
    return pieces


def _bracketed(spans: Sequence[Span], text: str, place: tuple[int, int], label_set: LabelSet) -> Line:
    if [(span.start, span.end) for span in spans] == [place]:
        return _listed(spans, text, label_set)
    pieces: Line = []
    here = place[0]
    for span in spans:
        pieces += [
            Piece(drawable(text[here : span.start]), "muted"),
            Piece(f"[{drawable(text[span.start : span.end])}]", _hue(label_set, span.label)),
        ]
        here = span.end
    return [piece for piece in [*pieces, Piece(drawable(text[here : place[1]]), "muted")] if piece.text]


def _middle(text: str, cells: int) -> str:
    """`text` cut to `cells` in its middle: both its edges count."""
    if cell_width(text) <= cells:
        return text
    pieces = list(clusters(text))
    head, tail = "", ""
    used = 1
    for turn in range(len(pieces)):
        piece = pieces[turn // 2] if turn % 2 == 0 else pieces[-1 - turn // 2]
        used += piece.width
        if used > cells:
            break
        if turn % 2 == 0:
            head += piece.glyph
        else:
            tail = piece.glyph + tail
    return f"{head}…{tail}"


def _cut(pieces: Line, cells: int) -> Line:
    kept: Line = []
    for piece in pieces:
        room = cells - pieces_width(kept)
        if room > 0:
            kept.append(Piece(fitted(piece.text, room), piece.style, piece.action))
    return kept


def _ends(left: Line, right: Line, width: int) -> Line:
    """A line with pieces at both its ends; the left ones are cut where they would meet."""
    room = width - pieces_width(right)
    kept = _cut(left, room)
    return [*kept, Piece(" " * (room - pieces_width(kept))), *right]


def summary(conflict: Conflict) -> str:
    """The votes of a conflict, such as "2:1", or of how many all agree."""
    if conflict.kind is Kind.CHECK:
        return f"all {counted(conflict.votes, 'annotator')} agree"
    return ":".join(str(version.votes) for version in conflict.versions)
