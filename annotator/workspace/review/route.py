"""The route of a review: how far each document is, how many conflicts there are in all, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from annotator.errors import InputError, StoreError
from annotator.model.decisions import Status
from annotator.review.conflict_navigation import Filter
from annotator.review.conflict_state import Counts
from annotator.review.conflicts import Conflict
from annotator.review.preselection import Preselection
from annotator.review.queue import ReviewQueue, Stage
from annotator.review.session import ReviewSession
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.workspace.review.document_survey import DocumentSurvey
from annotator.workspace.review.survey import Surveyor


class Route:
    """The documents of a review in their order. It belongs to the interface's thread.

    `sessions` are those of the documents that are open. `filter` holds for every document.
    """

    def __init__(
        self,
        store: Store,
        surveyor: Surveyor,
        sessions: Mapping[str, ReviewSession],
        *,
        minimum: int,
        preselection: Callable[[str], Preselection],
    ) -> None:
        self._store = store
        self._surveyor = surveyor
        self._sessions = sessions
        self._preselection = preselection
        self.queue = ReviewQueue(
            store.catalogue.ids,
            surveyor.sets.by_document,
            store.catalogue.statuses(GOLD),
            count=self._count,
            minimum=minimum,
        )
        self.filter = Filter()
        self.unreadable: dict[str, StoreError | InputError] = {}
        """Documents that cannot be reviewed, and why; they are passed by until somebody opens them."""
        self.counted: dict[str, Counts] = {}
        """The conflicts of each document, as far as they are known."""
        self._places = {document_id: number for number, document_id in enumerate(self.queue.reviewable, 1)}
        self._uncounted = set(self._places)
        self.totals = Counts()
        """All conflicts that are known of."""
        self.waiting = len(self.queue.waiting)
        """How many documents somebody has finished, but too few."""

    @property
    def ids(self) -> Sequence[str]:
        """The documents that could be reviewed when the review began."""
        return list(self._places)

    # Which comes next

    def first(self) -> str:
        """The document to begin with: the first with open conflicts, else one that is not done, else any.

        What cannot be read is in `unreadable`. StoreError or InputError if nothing can.
        """
        for document_id in self._from_the_first():
            self.queue.counts(document_id)  # which finds out whether it can be read
            if document_id not in self.unreadable and self.queue.is_reviewable(document_id):
                return document_id
        raise next(iter(self.unreadable.values()), None) or InputError(
            "nothing is left to review", hint="were the documents reopened meanwhile?"
        )

    def _from_the_first(self) -> Iterator[str]:
        yield from (
            document_id for document_id in self._untouched() if self.queue.stage(document_id) is Stage.OPEN
        )
        yield from filter(None, [self.queue.next_open(), self.queue.next_unfinished()])
        yield from self.queue.reviewable

    def _untouched(self) -> Iterator[str]:
        """The documents whose gold set is not done, or older than an annotator's: to tell costs no reading."""
        catalogue = self._store.catalogue
        for document_id in self.queue.reviewable:
            gold = catalogue.set_entry(document_id, GOLD)
            names = self.queue.finished(document_id)
            if gold.status is not Status.DONE or any(
                catalogue.set_entry(document_id, name).updated > gold.updated for name in names
            ):
                yield document_id

    def following(self, document_id: str, *, is_open: bool = False) -> str | None:
        """The next document that is not done, or with `is_open` the next with an open conflict that the filter shows."""
        find = self.queue.next_open if is_open else self.queue.next_unfinished
        next_id = find(document_id)
        seen = {document_id}
        while next_id is not None and next_id not in seen:
            seen.add(next_id)
            if next_id not in self.unreadable and (not is_open or self._is_shown(next_id)):
                return next_id
            next_id = find(next_id)
        return None

    def preceding(self, document_id: str) -> str | None:
        """The nearest document before this one with an open conflict that the filter shows, from the end past the top."""
        ids = self.queue.ids
        index = self.queue.position(document_id) - 1
        for candidate in (*reversed(ids[:index]), *reversed(ids[index + 1 :])):
            if (
                self.queue.stage(candidate) is Stage.OPEN
                and candidate not in self.unreadable
                and self._is_shown(candidate)
            ):
                return candidate
        return None

    def _is_shown(self, document_id: str) -> bool:
        """True if the filter lets an open conflict of a document through."""
        if self.filter == Filter():
            return True
        return any(map(self.filter.fits, self._open_ones(document_id)))

    def _open_ones(self, document_id: str) -> Sequence[Conflict]:
        session = self._sessions.get(document_id)
        return session.navigation.all_open if session is not None else self._surveyor.open(document_id)

    def next_tie(self, document_id: str) -> str | None:
        """The next document with an open conflict that the filter shows and in which nothing is preselected."""
        following = self.following(document_id, is_open=True)
        seen = {document_id}
        while following is not None and following not in seen:
            seen.add(following)
            propose = self._preselection(following)
            if any(
                propose(open_one).version is None
                for open_one in self._open_ones(following)
                if self.filter.fits(open_one)
            ):
                return following
            following = self.following(following, is_open=True)
        return None

    def place(self, document_id: str) -> tuple[int, int]:
        """The number of a document among those that can be reviewed, from 1, and how many these are."""
        return self._places.get(document_id, 0), len(self._places)

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The nearest document before (-1) or behind (1) that can be read, as far as is known; None beyond the end."""
        neighbour = self.queue.neighbour(document_id, step)
        while neighbour is not None and neighbour in self.unreadable:
            neighbour = self.queue.neighbour(neighbour, step)
        return neighbour

    # How far it is

    def note(self, session: ReviewSession) -> None:
        """Take in how far the review of a document is; called after every decision."""
        self._put_counts(session.editor.document.id, session.counts, session.gold.status)

    @property
    def is_counted(self) -> bool:
        """True once the conflicts of every document are known."""
        return not self._uncounted

    def _put_counts(self, document_id: str, counts: Counts, status: Status) -> None:
        before = self.counted.get(document_id, Counts())
        self.totals = Counts(
            self.totals.open - before.open + counts.open,
            self.totals.settled - before.settled + counts.settled,
        )
        self.counted[document_id] = counts
        self._uncounted.discard(document_id)
        self.queue.update(document_id, counts=counts, gold=status)

    def _count(self, document_id: str) -> Counts:
        surveyed = self._surveyor(document_id)
        self._take_in(document_id, surveyed)
        return surveyed.counts

    def take(self, surveys: Mapping[str, DocumentSurvey]) -> None:
        """Take in what was counted beside the screen, of documents of which nothing newer is known."""
        for document_id, surveyed in surveys.items():
            if document_id not in self.counted:
                self._take_in(document_id, surveyed)

    def _take_in(self, document_id: str, surveyed: DocumentSurvey) -> None:
        if surveyed.error is not None:
            self.pass_by(document_id, surveyed.error)
        else:
            self._put_counts(document_id, surveyed.counts, surveyed.status)

    def pass_by(self, document_id: str, error: StoreError | InputError) -> None:
        """Leave a document out until somebody opens it."""
        self.unreadable[document_id] = error
        self._put_counts(document_id, Counts(), Status.SKIPPED)
