"""What was found, marked or unmarked in one step of the store, which can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.model.decisions import By, Decision, Status, Verb, new_uid, time_text
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.store.plans import Plan, Planned
from annotator.store.repository import Store
from annotator.workspace.find.search import Hit

TokensOf = Callable[[Document], Tokens | None]
"""Gives the tokens of a document, if they are known."""

REJECT = ""
"""In the place of a label: no span is to stand there."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of hits would do: its step, how many spans it marks, relabels or takes out, and what it leaves and why."""

    plan: Plan
    changed: int
    left: tuple[tuple[Hit, str], ...]


def plan_change(
    store: Store,
    hits: Iterable[Hit],
    label: str,
    *,
    annotator: str,
    title: str,
    tokens_of: TokensOf,
    clock: Clock = utc_now,
) -> Change:
    """Plan that each of these hits is a span of `annotator` with this label or, with REJECT, none.

    A span with other edges stays, and the hit with it; so does a hit that would begin or end within a token, and one that
    overlaps another in a flat label set. Sets keep their status; one that was to do is begun, and a skipped one
    stays skipped. LabelSetError for a label that the store does not have.
    """
    if label:
        store.info.label_set.check(label)
    when = time_text(clock())
    planned: list[Planned] = []
    left: list[tuple[Hit, str]] = []
    skipped: dict[str, None] = {}
    changed = 0
    chosen = list(hits)
    doubled = set() if store.info.label_set.nested or not label else set(map(id, overlapping(chosen)))
    aligned = _Alignment(store, tokens_of)
    for hit in chosen:
        outcome = "it overlaps another hit" if id(hit) in doubled else _outcome(hit, label)
        if isinstance(outcome, Draft) and outcome.verb is Verb.ADD and not aligned.is_whole(hit):
            outcome = "it begins or ends within a token"
        if isinstance(outcome, str):
            left.append((hit, outcome))
            continue
        changed += 1
        planned.append(Planned(hit.document, annotator, _decision(outcome, annotator, when)))
        if store.catalogue.set_entry(hit.document, annotator).status is Status.SKIPPED:
            skipped[hit.document] = None
    planned += [
        Planned(document_id, annotator, _decision(Draft(Verb.SKIP), annotator, when))
        for document_id in skipped
    ]
    plan = Plan(new_uid(), title, annotator, when, tuple(planned)).with_own_uids()
    return Change(plan, changed, tuple(left))


class _Alignment:
    """Whether hits are whole tokens; the tokens of one document are kept."""

    def __init__(self, store: Store, tokens_of: TokensOf) -> None:
        self._store = store
        self._tokens_of = tokens_of
        self._document = ""
        self._tokens = Tokens((), tokenizer="")

    def is_whole(self, hit: Hit) -> bool:
        if hit.document != self._document:
            document = self._store.document(hit.document)
            self._document = hit.document
            self._tokens = document.tokens or self._tokens_of(document) or stand_in_tokens(document.text)
        return self._tokens.is_aligned(hit.start, hit.end)


def _outcome(hit: Hit, label: str) -> Draft | str:
    """The decision on one hit, or why there is none."""
    decided = hit.span
    if decided is None:
        if not label:
            return "there is no span"
        return Draft(Verb.ADD, new_uid(), None, Span(hit.start, hit.end, label))
    if not hit.is_exact:
        return f"{decided.label} stands there with other edges"
    if not label:
        return Draft.change(Verb.REMOVE, decided, None)
    if decided.label == label:
        return "so already"
    return Draft.change(Verb.RELABEL, decided, replace(decided.span, label=label))


def _decision(draft: Draft, who: str, when: str) -> Decision:
    return Decision(
        0, 0, draft.verb, who, when, draft.span, draft.before, draft.after, draft.suggestion, by=By.BULK
    )


def overlapping(hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits that overlap an earlier one of the same document: in a flat label set both cannot be spans."""
    ends: dict[str, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.document, hit.start, hit.end)):
        if hit.start < ends.get(hit.document, 0):
            yield hit
        ends[hit.document] = max(ends.get(hit.document, 0), hit.end)
