"""Dealing documents out to annotators, some of them to several, so that agreement can be measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from annotator.errors import InputError, UsageError
from annotator.model.assignments import Assigned, Assignment
from annotator.model.decisions import Status, new_uid
from annotator.store.assignments import Assignments
from annotator.store.layout import check_annotator, check_spelling
from annotator.store.repository import Store
from annotator.workspace.assignments.balance import Hands


@dataclass(frozen=True, slots=True)
class Deal:
    """How documents are dealt: to whom, and which share of them, `overlap`, to `per_overlap` annotators each.

    The same seed deals the same documents alike. An overlap of None lets each document be shared by as many as it was,
    and gives one that nobody had to one annotator.
    """

    annotators: tuple[str, ...]
    overlap: float | None = None
    per_overlap: int = 2
    seed: int = 1

    def __post_init__(self) -> None:
        """UsageError for what cannot be dealt, InputError for a name that no annotator can have."""
        if not self.annotators:
            raise UsageError("nobody is named to assign documents to", hint="--annotators ada,ben,cleo")
        for index, name in enumerate(self.annotators):
            check_annotator(name)
            if name in self.annotators[:index]:
                raise UsageError(f"{name} stands twice in --annotators", hint="name each annotator once")
            check_spelling(name, self.annotators[:index])
        if self.overlap is None:
            return
        if not 0 <= self.overlap <= 1:
            raise UsageError(
                f"an overlap of {self.overlap:g} is no share", hint="--overlap takes a number from 0 to 1"
            )
        if self.overlap and not 2 <= self.per_overlap <= len(self.annotators):
            raise UsageError(
                f"no document can be given to {self.per_overlap} of {len(self.annotators)} annotators",
                hint="--per-overlap takes a number from 2 to how many annotators there are; --overlap 0 shares none",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a deal does with documents that somebody has already. What an annotator has begun always stays with them.

    `balances` lets those who are dealt to exchange documents until they have about as many words, and draws anew which
    ones several get, if the deal says an overlap. `taken_from` names whose documents go to others, and nothing else is
    dealt. `documents` are ids: with `taken_from` only these are taken, and without it all who are dealt to get them.
    """

    balances: bool = False
    taken_from: tuple[str, ...] = ()
    documents: tuple[str, ...] | None = None

    @property
    def is_partial(self) -> bool:
        """True if only some documents are dealt."""
        return bool(self.taken_from) or self.documents is not None


NO_MOVE = Move()
"""Documents stay with who has them."""


@dataclass(slots=True)
class AssignReport:
    """What a deal came to. `documents` are all in the store, `new` what each annotator got, `taken` what each lost.

    `missing` are those that fewer annotators have than they were to have, since there was nobody to give them to.
    """

    documents: int
    assigned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def given(self) -> Counter[str]:
        """To how many annotators each document is assigned that is assigned at all."""
        return Counter(document for documents in self.assigned.values() for document in documents)

    @property
    def shared(self) -> int:
        """How many documents several annotators have."""
        return sum(count > 1 for count in self.given.values())

    @property
    def pairs(self) -> dict[tuple[str, str], int]:
        """How many documents each two annotators have in common."""
        sets = {name: set(documents) for name, documents in self.assigned.items()}
        return {(one, other): len(sets[one] & sets[other]) for one, other in combinations(sorted(sets), 2)}


def assign(
    store: Store,
    deal: Deal,
    *,
    who: str,
    when: str,
    move: Move = NO_MOVE,
    is_dry: bool = False,
) -> AssignReport:
    """Deal out what has nobody yet, and let annotators see only what is assigned to them from then on.

    What is assigned stays where it is but for what `move` says, and a document that somebody has begun goes to them
    first and is never taken from them. Durable when it returns; after a crash the same call completes it. With `is_dry`
    nothing is changed. InputError if there are no documents, or nothing is assigned to one of `move.taken_from`;
    HeldError if another program is assigning.
    """
    ids = list(store.catalogue.ids)
    if not ids:
        raise InputError(f"the store {store.path} has no documents", hint="annotator import adds some")
    for name in deal.annotators:
        check_spelling(name, store.annotators(gold=True))
    if is_dry:
        return _assign(store, Assignments(store).all(), deal, move, ids, who=who, when=when)
    if store.info.access != "assigned":
        store.change_info(access="assigned")
    with Assignments(store).change() as changed:
        return _assign(store, changed, deal, move, ids, who=who, when=when)


def _assign(
    store: Store,
    assignments: dict[str, Assignment],
    deal: Deal,
    move: Move,
    ids: Sequence[str],
    *,
    who: str,
    when: str,
) -> AssignReport:
    """Replace `assignments` by what they are after the deal."""
    if move.taken_from and not set(deal.annotators) - set(move.taken_from):
        raise UsageError(
            "nobody is named who gets what is taken", hint="--annotators names others than --from"
        )
    if absent := [name for name in move.taken_from if name not in assignments]:
        raise InputError(
            f"nothing is assigned to {absent[0]}", hint="annotator assign alone shows who has what"
        )
    words = {entry.id: entry.words for entry in store.catalogue}
    hands = Hands(words, seed=deal.seed, begun=_begun(store, {*assignments, *deal.annotators}))
    sizes = dict.fromkeys(words, 0)
    before: dict[str, list[str]] = {}
    for name, assignment in assignments.items():
        before[name] = [document for document in assignment.documents if document in words]
        for document in before[name]:
            hands.give(document, name)
            sizes[document] = max(sizes[document], assignment.shares[document])
    for document, holders in hands.holders.items():
        sizes[document] = max(sizes[document], len(holders))
    if move.is_partial:
        _move(hands, deal, move, sizes)
    else:
        _deal(hands, deal, move, sizes)
    report = AssignReport(len(ids))
    places = {document: index for index, document in enumerate(ids)}
    for name in dict.fromkeys([*before, *deal.annotators]):
        assignment = assignments.get(name, Assignment(name))
        had, has = set(before.get(name, ())), hands.documents(name)
        resized = {document for document in had & has if assignment.shares[document] != sizes[document]}
        left = assignment.withdrawing((had - has) | resized, when=when)
        added = tuple(
            Assigned(new_uid(), document, who, when, sizes[document])
            for document in sorted((has - had) | resized, key=places.__getitem__)
        )
        if left.assigned or added:
            assignments[name] = replace(left, assigned=(*left.assigned, *added))
        report.assigned[name] = tuple(sorted(has, key=places.__getitem__))
        report.words[name] = hands.words_of(name)
        report.new[name], report.taken[name] = len(has - had), len(had - has)
    report.missing = tuple(document for document in ids if len(hands.holders[document]) < sizes[document])
    return report


def _deal(hands: Hands, deal: Deal, move: Move, sizes: dict[str, int]) -> None:
    """Deal out all documents. `sizes` says to how many annotators each one was dealt, and then to how many it is."""
    if deal.overlap is None:
        sizes.update({document: 1 for document, size in sizes.items() if not size})
    else:
        drawn = [
            document
            for document, size in sizes.items()
            if not size or (move.balances and hands.is_free(document, deal.annotators))
        ]
        sizes |= hands.drawn_sizes(drawn, sizes, overlap=deal.overlap, per_overlap=deal.per_overlap)
    hands.fit(sizes, sizes, deal.annotators)
    if move.balances:
        hands.balance(deal.annotators)


def _move(hands: Hands, deal: Deal, move: Move, sizes: dict[str, int]) -> None:
    """Give the documents that `move` is about to those of the deal, and let all others stay."""
    documents = [document for document in sizes if move.documents is None or document in move.documents]
    if move.taken_from:
        taken = [
            (document, name)
            for document in documents
            for name in move.taken_from
            if name in hands.holders[document] and not hands.is_begun(document, name)
        ]
        if not taken:
            raise InputError(
                f"nothing of it is {' or '.join(move.taken_from)}'s and not begun",
                hint="annotator assign alone shows who has what; what somebody has begun stays with them",
            )
        for document, name in taken:
            hands.take(document, name)
        receivers = [name for name in deal.annotators if name not in move.taken_from]
        hands.fit(dict.fromkeys(document for document, _ in taken), sizes, receivers)
        return
    for document in documents:
        for name in deal.annotators:
            if name not in hands.holders[document]:
                hands.give(document, name)
        sizes[document] = max(sizes[document], len(hands.holders[document]))


def _begun(store: Store, names: Iterable[str]) -> dict[str, set[str]]:
    """What each annotator has decided anything on."""
    return {
        name: {
            document
            for document, status in store.catalogue.statuses(name).items()
            if status is not Status.TODO
        }
        for name in names
    }
