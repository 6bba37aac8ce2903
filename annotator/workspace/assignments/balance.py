"""Who has which documents while they are dealt out, so that everybody has about as many words; pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

_TOLERANCE = 0.01
"""Documents move between annotators only while somebody has this share of the mean more words than somebody else."""


class Hands:
    """The documents of `words`, ids with their lengths in words, in the hands of annotators.

    `begun` says which documents each annotator has decided anything on: these are never moved. Ties are drawn by a hash
    of seed and id, so the order in which documents came does not matter.
    """

    def __init__(self, words: Mapping[str, int], *, seed: int, begun: Mapping[str, Collection[str]]) -> None:
        self.holders: dict[str, list[str]] = {document: [] for document in words}
        self._words = words
        self._seed = seed
        self._begun = begun
        self._loads: Counter[str] = Counter()
        self._common: Counter[frozenset[str]] = Counter()

    def documents(self, name: str) -> set[str]:
        """What an annotator has."""
        return {document for document, holders in self.holders.items() if name in holders}

    def words_of(self, name: str) -> int:
        """How many words that is."""
        return sum(self._words[document] for document in self.documents(name))

    def give(self, document: str, name: str) -> None:
        """Let an annotator have a document, beside those who have it."""
        self._common.update(frozenset((name, other)) for other in self.holders[document])
        self.holders[document].append(name)
        self._loads[name] += self._weight(document)

    def take(self, document: str, name: str) -> None:
        """Take a document from an annotator."""
        self.holders[document].remove(name)
        self._common.subtract(frozenset((name, other)) for other in self.holders[document])
        self._loads[name] -= self._weight(document)

    def is_begun(self, document: str, name: str) -> bool:
        """True if the annotator has decided anything on the document."""
        return document in self._begun.get(name, ())

    def is_free(self, document: str, names: Collection[str]) -> bool:
        """True if only annotators of `names` have the document, and none of them has begun it."""
        return all(name in names and not self.is_begun(document, name) for name in self.holders[document])

    def drawn_sizes(
        self, documents: Collection[str], sizes: Mapping[str, int], *, overlap: float, per_overlap: int
    ) -> dict[str, int]:
        """To how many annotators each of `documents` goes, so that the share `overlap` of all goes to several.

        Those that go to several by `sizes`, which has all documents, go on doing so first.
        """
        chosen = set(documents)
        shared = sum(size > 1 for document, size in sizes.items() if document not in chosen)
        order = sorted(chosen, key=lambda document: (sizes[document] <= 1, self._draw(document)))
        wanted = max(0, round(overlap * len(sizes)) - shared)
        return {document: per_overlap if index < wanted else 1 for index, document in enumerate(order)}

    def fit(self, documents: Iterable[str], sizes: Mapping[str, int], names: Sequence[str]) -> None:
        """Give each document to as many annotators as `sizes` says, as far as `names` reach.

        It is taken from those of `names` who have most words and have not begun it, and goes to those who have begun it,
        then to those with the fewest words; of such who are about alike, to who has the fewest documents in common
        with the others that have it. After those that are begun long documents go first, so that the short ones level the words out.
        """
        order = sorted(
            documents,
            key=lambda document: (
                not any(self.is_begun(document, name) for name in names),
                -self._words[document],
                self._draw(document),
            ),
        )
        for document in order:
            while len(self.holders[document]) > sizes[document]:
                free = [
                    name
                    for name in self.holders[document]
                    if name in names and not self.is_begun(document, name)
                ]
                if not free:
                    break
                self.take(document, max(free, key=lambda name: (self._loads[name], self._draw(name))))
        for document in sorted(order, key=lambda document: sizes[document] <= 1):
            while len(self.holders[document]) < sizes[document]:
                free = [name for name in names if name not in self.holders[document]]
                if not free:
                    break
                self.give(document, self._next(document, free))

    def balance(self, names: Sequence[str]) -> None:
        """Move documents among `names` that their holders have not begun, as few as level the words out."""
        if len(names) < 2:
            return
        movable = {
            name: dict.fromkeys(
                sorted(
                    (document for document in self.documents(name) if not self.is_begun(document, name)),
                    key=self._draw,
                )
            )
            for name in names
        }
        mean = sum(self._loads[name] for name in names) / len(names)
        while True:
            low, *_, high = sorted(names, key=lambda name: (self._loads[name], self._draw(name)))
            gap = self._loads[high] - self._loads[low]
            if gap <= _TOLERANCE * mean:
                return
            moved = next(
                (
                    document
                    for document in movable[high]
                    if self._weight(document) < gap and low not in self.holders[document]
                ),
                None,
            )
            if moved is None:
                return
            self.take(moved, high)
            self.give(moved, low)
            del movable[high][moved]
            movable[low][moved] = None

    def _next(self, document: str, names: Sequence[str]) -> str:
        """Which of `names` gets a document."""
        begun = [name for name in names if self.is_begun(document, name)]
        fewest = min(self._loads[name] for name in begun or names)
        alike = [name for name in begun or names if self._loads[name] <= fewest + self._slack(document)]
        return min(
            alike,
            key=lambda name: (
                sum(self._common[frozenset((name, other))] for other in self.holders[document]),
                self._loads[name],
                self._draw(f"{document}\n{name}"),
            ),
        )

    def _slack(self, document: str) -> int:
        """How many words more than the fewest an annotator may have and still get a document: 0 for one who shares it not."""
        return self._weight(document) if self.holders[document] else 0

    def _weight(self, document: str) -> int:
        return max(1, self._words[document])

    def _draw(self, name: str) -> bytes:
        return hashlib.sha256(f"{self._seed}\n{name}".encode("utf-8", "surrogatepass")).digest()
