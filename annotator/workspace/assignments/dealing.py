"""Dealing documents out to annotators, some of them to several, so that agreement can be measured."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from annotator.errors import InputError, UsageError
from annotator.model.assignments import Assigned, Assignment
from annotator.model.decisions import Status, new_uid
from annotator.store.assignments import Assignments
from annotator.store.layout import check_annotator, check_spelling
from annotator.store.repository import Store


@dataclass(frozen=True, slots=True)
class Deal:
    """How documents are dealt: to whom, and which share of them, `overlap`, to `per_overlap` annotators each.

    The same seed deals the same documents alike.
    """

    annotators: tuple[str, ...]
    overlap: float = 0.0
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
        if not 0 <= self.overlap <= 1:
            raise UsageError(
                f"an overlap of {self.overlap:g} is no share", hint="--overlap takes a number from 0 to 1"
            )
        if self.overlap and not 2 <= self.per_overlap <= len(self.annotators):
            raise UsageError(
                f"no document can be given to {self.per_overlap} of {len(self.annotators)} annotators",
                hint="--per-overlap takes a number from 2 to how many annotators there are; --overlap 0 shares none",
            )


@dataclass(slots=True)
class AssignReport:
    """What a deal came to. `documents` are all in the store, `new` what each annotator got, `taken` what each lost."""

    documents: int
    assigned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)

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
    again: bool = False,
    is_dry: bool = False,
) -> AssignReport:
    """Deal out what has nobody yet; with `again`, also what nobody has begun of all that was dealt before.

    What is assigned stays where it is, and a document that somebody has begun goes to them first. Durable when it
    returns; after a crash the same call completes it. With `is_dry` nothing is changed. InputError if there are no
    documents; HeldError if another program is assigning.
    """
    ids = list(store.catalogue.ids)
    if not ids:
        raise InputError(f"the store {store.path} has no documents", hint="annotator import adds some")
    for name in deal.annotators:
        check_spelling(name, store.annotators(gold=True))
    if is_dry:
        changed = Assignments(store).all()
        return _assign(store, changed, deal, ids, again=again, who=who, when=when)
    with Assignments(store).change() as changed:
        return _assign(store, changed, deal, ids, again=again, who=who, when=when)


def _assign(
    store: Store,
    assignments: dict[str, Assignment],
    deal: Deal,
    ids: Sequence[str],
    *,
    again: bool,
    who: str,
    when: str,
) -> AssignReport:
    """Replace `assignments` by what they are after the deal."""
    present = set(ids)
    before = {
        name: [document for document in each.documents if document in present]
        for name, each in assignments.items()
    }
    begun = _begun(store, {*assignments, *deal.annotators})
    fixed = present
    if again:
        fixed = {each for name, documents in before.items() for each in documents if each in begun[name]}
    kept = {name: [each for each in documents if each in fixed] for name, documents in before.items()}
    shares: dict[str, int] = {}
    for assignment in assignments.values():
        for document, shared in assignment.shares.items():
            if document in fixed:
                shares[document] = max(shared, shares.get(document, 1))
    words = {entry.id: entry.words for entry in store.catalogue}
    dealt = dealt_out(words, deal, kept=kept, shares=shares, begun=begun)
    after = {
        name: [*kept.get(name, ()), *dealt.get(name, ())]
        for name in dict.fromkeys([*before, *deal.annotators])
    }
    counts = Counter(document for documents in after.values() for document in documents)
    places = {document: place for place, document in enumerate(ids)}
    report = AssignReport(len(ids))
    for name, documents in after.items():
        assignment = assignments.get(name, Assignment(name))
        had, has = set(before.get(name, ())), set(documents)
        # With `again` a document may stay where it is and be shared by more or fewer than it was.
        resized = {
            document_id
            for document_id in had & has
            if again and assignment.shares[document_id] != counts[document_id]
        }
        left = assignment.withdrawing((had - has) | resized, when=when)
        added = tuple(
            Assigned(new_uid(), document_id, who, when, counts[document_id])
            for document_id in sorted((has - had) | resized, key=places.__getitem__)
        )
        if left.assigned or added:
            assignments[name] = replace(left, assigned=(*left.assigned, *added))
        report.assigned[name] = tuple(documents)
        report.words[name] = sum(words[document] for document in documents)
        report.new[name], report.taken[name] = len(has - had), len(had - has)
    return report


def dealt_out(
    words: Mapping[str, int],
    deal: Deal,
    *,
    kept: Mapping[str, Iterable[str]],
    shares: Mapping[str, int],
    begun: Mapping[str, set[str]],
) -> dict[str, list[str]]:
    """Which documents of `words`, ids with their lengths, each annotator gets beyond those `kept`.

    Documents are drawn by a hash of seed and id, so the order in which they came does not matter. As many as make
    up the overlap go to several annotators, the others to one; `shares` says to how many a kept document was
    dealt, and it is given out until as many have it. Each goes to those of `begun` who have begun it, then to who
    has the fewest documents; of several, to who has the fewest in common with the others that have it, then to who
    has the fewest words.
    """
    holders: dict[str, list[str]] = {document: [] for document in words}
    loads: Counter[str] = Counter()
    lengths: Counter[str] = Counter()
    common: Counter[frozenset[str]] = Counter()
    dealt: dict[str, list[str]] = {name: [] for name in deal.annotators}

    def give(document: str, name: str) -> None:
        common.update(frozenset((name, other)) for other in holders[document])
        holders[document].append(name)
        loads[name] += 1
        lengths[name] += words[document]

    for name, documents in kept.items():
        for document in documents:
            give(document, name)
    draws = {document: _draw(deal.seed, document) for document in words}
    order = sorted(words, key=draws.__getitem__)
    fresh = [document for document in order if not holders[document]]
    shared = sum(
        max(shares.get(document_id, 1), len(names)) > 1 for document_id, names in holders.items() if names
    )
    wanted = min(len(fresh), max(0, round(deal.overlap * len(words)) - shared))
    sizes = dict.fromkeys(fresh[:wanted], deal.per_overlap)
    for document in [
        *fresh[:wanted],
        *(document_id for document_id in order if holders[document_id]),
        *fresh[wanted:],
    ]:
        size = sizes.get(document, shares.get(document, 1))
        while len(holders[document]) < size:
            free = [name for name in deal.annotators if name not in holders[document]]
            if not free:
                break
            chosen = min(
                free,
                key=lambda name: (
                    document not in begun.get(name, ()),
                    loads[name],
                    sum(common[frozenset((name, other))] for other in holders[document]),
                    lengths[name],
                    _draw(deal.seed, f"{document}\n{name}"),
                ),
            )
            give(document, chosen)
            dealt[chosen].append(document)
    return dealt


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


def _draw(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{name}".encode("utf-8", "surrogatepass")).digest()
