"""What settles a conflict, and what opens it again, as drafts of one step of the gold set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from annotator.editing.acceptable_counts import acceptable
from annotator.editing.recorder import Draft
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import Verb, new_uid
from annotator.model.spans import Span, Suggestion, overlaps, walking_order
from annotator.review.conflict_state import ConflictState, is_alternative
from annotator.review.conflicts import Conflict, Key, Kind, Version, key_of
from annotator.review.provenance import Source, is_unseen, suggestion_of


def taking(
    conflict_state: ConflictState, conflict: Conflict, version: Version, source: Source
) -> list[Draft]:
    """Let just this version stand in the conflict's place: accept its spans, reject or remove all others.

    A version without spans is "no entity". Gold spans that are as the version has them stay. In a flat label set
    those of its spans that overlap one before are rejected. Empty if it is so already.
    """
    wanted = {
        key_of(span): span for span in _able(version.spans, nested=conflict_state.nested)
    }  # fmt: skip
    rule = Source.UNANIMOUS if conflict.kind is Kind.CHECK else source

    def accept(key: Key) -> Draft:
        taken = suggestion_of(key, version.annotators, rule)
        return Draft.take(Verb.ACCEPT, taken, wanted[key])

    return _settling(conflict_state, conflict, wanted, accept)


def placing(
    conflict_state: ConflictState, conflict: Conflict, spans: Iterable[tuple[Key | None, Span]]
) -> list[Draft]:
    """Let just these spans stand in the conflict's place, each given with the marked span that it comes from."""
    wanted = {key_of(span): (origin, span) for origin, span in spans}

    def put(key: Key) -> Draft:
        origin, span = wanted[key]
        if origin is None:
            return Draft(Verb.ADD, new_uid(), None, span)
        return Draft.take(_verb(origin, key), conflict_state.offered[origin], span)

    return _settling(conflict_state, conflict, wanted, put)


def _settling(
    conflict_state: ConflictState, conflict: Conflict, wanted: Iterable[Key], put: Callable[[Key], Draft]
) -> list[Draft]:
    spans = conflict_state.spans(conflict)
    keep = {key_of(decided.span): decided for decided in spans if key_of(decided.span) in set(wanted)}
    gone = [_removal(conflict_state, decided) for decided in spans if key_of(decided.span) not in keep]
    confirmed = [
        Draft.change(Verb.ACCEPT, decided, decided.span) for decided in keep.values() if is_unseen(decided)
    ]
    new = [put(key) for key in wanted if key not in keep]
    left = {key_of(decided.span) for decided in spans} - keep.keys()
    answered = {
        *keep,
        *_origins(gone),
        *_origins(new),
        *(key_of(draft.after) for draft in new if draft.after),
    }
    rejected = [
        Draft(Verb.REJECT, suggestion=conflict_state.offered[key])
        for key in conflict.keys
        if key not in answered and (key in left or not _is_answered(conflict_state, conflict, key))
    ]
    return [*gone, *rejected, *confirmed, *new]


def _is_answered(conflict_state: ConflictState, conflict: Conflict, key: Key) -> bool:
    """True if a span that is not wanted was rejected, or stands or was moved where the conflict does not reach."""
    if conflict.kind is Kind.CHECK:
        return conflict_state.rejected_as(key) == Source.UNANIMOUS
    return conflict_state.is_decided(key)


def reopening(conflict_state: ConflictState, conflict: Conflict) -> list[Draft]:
    """Take the gold spans of the conflict away and its rejections back, so that it is open again.

    A span that was made of one of its versions is its own, also where it has got the label of another conflict since.
    """
    own = {decided.uid: decided for decided in conflict_state.spans(conflict)}
    for decided in conflict_state.gold.spans:
        if decided.suggestion is not None and decided.suggestion.key in conflict.keys:
            own.setdefault(decided.uid, decided)
    return [
        *(Draft.change(Verb.REMOVE, decided, None) for decided in own.values()),
        *(
            Draft(Verb.REOPEN, suggestion=conflict_state.offered[key])
            for key in conflict.keys
            if conflict_state.gold.is_rejected(conflict_state.offered[key])
        ),
    ]


def completed(conflict_state: ConflictState, drafts: Sequence[Draft]) -> list[Draft]:
    """An editing verb's drafts and what they settle besides, as one step.

    A new span that is just what somebody marked is taken as theirs. What a new or changed span replaces is rejected
    with it: the alternatives of what it was made of, and of what it is. A span that makes room for another is rejected
    rather than removed if somebody marked it.
    """
    whole = [_as_marked(conflict_state, draft) for draft in drafts]
    results = [draft for draft in whole if draft.after is not None]
    changed = {draft.span for draft in whole}
    answered = {*_origins(whole), *(key_of(draft.after) for draft in results if draft.after)}
    left = {key_of(draft.before) for draft in whole if draft.before is not None} & conflict_state.home.keys()
    replaced: list[Draft] = []
    for key in dict.fromkeys(
        (*sorted(left), *(key for draft in results for key in _replaced(conflict_state, draft)))
    ):
        if key in answered or (key not in left and conflict_state.is_decided(key)):
            continue
        stands = None if key in left else conflict_state.standing(key)
        if stands is None:
            replaced.append(Draft(Verb.REJECT, suggestion=conflict_state.offered[key]))
        elif stands.uid not in changed:
            replaced.append(_removal(conflict_state, stands))
    # What goes makes room first; the editor has put removals before what it makes.
    return [*replaced, *whole]


def _removal(conflict_state: ConflictState, decided: DecidedSpan) -> Draft:
    """Take a gold span out, and reject what it came from."""
    return _as_marked(conflict_state, Draft.change(Verb.REMOVE, decided, None))


def _as_marked(conflict_state: ConflictState, draft: Draft) -> Draft:
    if draft.verb in (Verb.REMOVE, Verb.REJECT) and draft.suggestion is not None:
        # With its source of today: a span rejected while one had it is asked about again once all have it.
        now = conflict_state.offered.get(draft.suggestion.key, draft.suggestion)
        return draft._replace(verb=Verb.REJECT, suggestion=now)
    if draft.after is None or draft.before is not None:
        return draft
    key = key_of(draft.after)
    origin = draft.suggestion.key if draft.suggestion else None
    if key == origin or (marked := conflict_state.offered.get(key)) is None:
        return draft
    return draft._replace(verb=Verb.ACCEPT, suggestion=marked)


def _replaced(conflict_state: ConflictState, draft: Draft) -> Iterator[Key]:
    """What somebody marked that cannot stand beside what `draft` makes, or is another answer to the same question."""
    assert draft.after is not None
    own = key_of(draft.after)
    origin = draft.suggestion.key if draft.suggestion else None
    around = {
        conflict_state.number(decided): decided
        for decided in conflict_state.overlapping(draft.after.start, draft.after.end)
    }
    if origin is not None and origin in conflict_state.home:
        around.setdefault(conflict_state.home[origin], conflict_state.items[conflict_state.home[origin]])
    for conflict in around.values():
        for key in conflict.keys:
            if key in (own, origin):
                continue
            if _excludes(conflict_state, own, key) or (
                origin is not None and _competes(conflict, origin, key)
            ):
                yield key


def _excludes(conflict_state: ConflictState, own: Key, key: Key) -> bool:
    return is_alternative(own, key) if conflict_state.nested else overlaps(Span(*own), Span(*key))


def _competes(conflict: Conflict, origin: Key, key: Key) -> bool:
    """True if the two overlap and no annotator has both, who would mean two mentions by them."""
    if not overlaps(Span(*origin), Span(*key)) or origin not in conflict.keys:
        return False
    return not any({origin, key} <= version.keys for version in conflict.versions)


def _able(spans: Sequence[Span], *, nested: bool) -> Iterator[Span]:
    """Those of `spans`, in walking order, that can stand together."""
    if nested:
        yield from spans
        return
    kept = {
        suggestion.key
        for suggestion in acceptable([Suggestion(*key_of(span)) for span in spans], nested=False)
    }
    yield from (span for span in sorted(spans, key=walking_order) if key_of(span) in kept)


def _verb(origin: Key, key: Key) -> Verb:
    if origin == key:
        return Verb.ACCEPT
    return Verb.RESIZE if origin[2] == key[2] else Verb.RELABEL


def _origins(drafts: Iterable[Draft]) -> set[Key]:
    return {draft.suggestion.key for draft in drafts if draft.suggestion is not None}
