"""Orders of work: which documents come first, which are mixed in at random, and which are shown blind.

Whatever is random is a pure function of a seed and a document's id. So it is the same on every machine and after every
restart, and a document that is added moves no other from or to the random ones.
"""

from __future__ import annotations

import enum
import hashlib
import heapq
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.errors import UsageError
from annotator.model.spans import Suggestion


class OrderKind(enum.StrEnum):
    """What decides which document comes first. Documents that are alike in it stay as imported."""

    IMPORTED = "imported"
    UNCERTAIN = "uncertain"
    """The greatest mean of (1 - score) over the suggestions."""
    LEAST = "least"
    """The lowest score of any suggestion."""
    NEW = "new"
    """The most surface forms that neither memory nor the documents before it have."""
    RANDOM = "random"


_NAMES = {
    OrderKind.IMPORTED: "as imported",
    OrderKind.UNCERTAIN: "most uncertain first",
    OrderKind.LEAST: "least confident first",
    OrderKind.NEW: "most new names first",
    OrderKind.RANDOM: "random",
}


@dataclass(frozen=True, slots=True)
class Order:
    """An order of work. `random_share` of all documents, from 0 to 1, come in random order, evenly among the others.

    These keep an evaluation honest: the others were chosen for what a model or memory finds hard. UsageError for a
    share that is none.
    """

    kind: OrderKind = OrderKind.IMPORTED
    seed: int = 0
    random_share: float = 0.0

    def __post_init__(self) -> None:
        _check(self.random_share, "documents mixed in at random")

    @property
    def name(self) -> str:
        """The order as the header shows it, such as "most uncertain first, 20 % at random"."""
        if self.kind is OrderKind.RANDOM:
            return f"{_NAMES[self.kind]} {self.seed}"
        if not self.random_share:
            return _NAMES[self.kind]
        return f"{_NAMES[self.kind]}, {self.random_share:.0%} at random".replace("%", " %")

    def is_random(self, document_id: str) -> bool:
        """True if a document comes in its place by chance alone, so that a test on such documents is fair."""
        if self.kind is OrderKind.RANDOM:
            return True
        return _chance("order", self.seed, document_id) < self.random_share


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of a document before anybody works on it: the scores and surface forms of its suggestions.

    None among the scores is a suggestion without one.
    """

    scores: tuple[float | None, ...]
    surfaces: frozenset[str]


def outlook_of(text: str, suggestions: Iterable[Suggestion]) -> Outlook:
    """The outlook of a document with this text; white space in a form counts as one blank."""
    found = list(suggestions)
    surfaces = (" ".join(text[suggestion.start : suggestion.end].split()) for suggestion in found)
    return Outlook(tuple(suggestion.score for suggestion in found), frozenset(surfaces))


def ordered(
    ids: Sequence[str],
    order: Order,
    *,
    outlooks: Mapping[str, Outlook] | None = None,
    known: Container[str] = frozenset(),
) -> list[str]:
    """`ids`, given as imported, in `order`. `known` are the surface forms that memory has.

    Documents without an outlook, whose suggestions are still to come, stand behind those with one, as imported.
    """
    outlooks = outlooks or {}
    chosen = [document_id for document_id in ids if not order.is_random(document_id)]
    drawn = [document_id for document_id in ids if order.is_random(document_id)]
    drawn.sort(key=lambda document_id: _chance("draw", order.seed, document_id))
    if order.kind is OrderKind.NEW:
        chosen = _most_new_first(chosen, outlooks, known)
    elif order.kind is OrderKind.UNCERTAIN:
        chosen.sort(key=lambda document_id: -_mean_doubt(outlooks.get(document_id)))
    elif order.kind is OrderKind.LEAST:
        chosen.sort(key=lambda document_id: -_greatest_doubt(outlooks.get(document_id)))
    return _mixed(chosen, drawn)


def is_blind(document_id: str, *, seed: int, share: float) -> bool:
    """True if a document belongs to the share, from 0 to 1, that is shown without suggestions.

    Which ones these are has nothing to do with an order's random ones. UsageError for a share that is none.
    """
    return _chance("blind", seed, document_id) < _check(share, "documents shown blind")


def _check(share: float, what: str) -> float:
    if not 0 <= share <= 1:
        raise UsageError(f"{share:g} is no share of {what}", hint="give a number from 0 to 1, such as 0.2")
    return share


def _chance(purpose: str, seed: int, document_id: str) -> float:
    """A number in [0, 1), as good as random, the same for the same arguments."""
    content = f"{purpose}\0{seed}\0{document_id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=6).digest()) / 2**48


def _mean_doubt(outlook: Outlook | None) -> float:
    """The mean of (1 - score) in [0, 1]; -1 where nothing is known, 0 where no suggestion has a score."""
    if outlook is None:
        return -1.0
    doubts = [1 - score for score in outlook.scores if score is not None]
    return sum(doubts) / len(doubts) if doubts else 0.0


def _greatest_doubt(outlook: Outlook | None) -> float:
    if outlook is None:
        return -1.0
    return max((1 - score for score in outlook.scores if score is not None), default=0.0)


def _most_new_first(ids: Sequence[str], outlooks: Mapping[str, Outlook], known: Container[str]) -> list[str]:
    """Each time the document with the most forms that are new by then.

    What a document has to offer only gets less, so one that still has the most when it is counted again is next
    (Minoux's accelerated greedy algorithm).
    """
    new = {
        document_id: {surface for surface in outlook.surfaces if surface not in known}
        for document_id in ids
        if (outlook := outlooks.get(document_id)) is not None
    }
    heap = [
        (-len(new[document_id]), index, document_id)
        for index, document_id in enumerate(ids)
        if document_id in new
    ]
    heapq.heapify(heap)
    seen: set[str] = set()
    ordered_ids: list[str] = []
    while heap:
        count, index, each = heapq.heappop(heap)
        new[each] -= seen
        if -count > len(new[each]):
            heapq.heappush(heap, (-len(new[each]), index, each))
            continue
        seen |= new[each]
        ordered_ids.append(each)
    return [*ordered_ids, *(document_id for document_id in ids if document_id not in new)]


def _mixed(chosen: Sequence[str], drawn: Sequence[str]) -> list[str]:
    """Both in their order, the fewer spread evenly among the more."""
    places = [
        ((index + 0.5) / len(group), which, one)
        for which, group in enumerate((chosen, drawn))
        for index, one in enumerate(group)
    ]
    return [one for _, _, one in sorted(places, key=lambda entry: entry[:2])]
