"""The review workspace: several annotators' finished sets of one store, and the gold set that comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from annotator.editing.editor import Editor
from annotator.errors import DamageError, InputError, StoreError
from annotator.measure.dawid_skene import FEWEST_ANNOTATORS
from annotator.model.decisions import Status
from annotator.review.preselection import Majority, Preselection
from annotator.review.pseudonyms import pseudonyms
from annotator.review.session import ReviewSession
from annotator.settings import Settings
from annotator.store.catalogue import CatalogueRow
from annotator.store.layout import GOLD, check_annotator
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.workspace.events import BackupFailed, ConflictsCounted, Event, Weighed, Weighing
from annotator.workspace.opening import pipeline_asked
from annotator.workspace.review.route import Route
from annotator.workspace.review.sets import ReviewedSets, Sets
from annotator.workspace.review.survey import Survey, Surveyor
from annotator.workspace.saving import QueuePosition, SavingWorkspace
from annotator.workspace.transfer.daily_backup import DailyBackup

if TYPE_CHECKING:
    from annotator.workspace.review.weights import Weights


@dataclass(frozen=True, kw_only=True)
class ReviewOptions:
    """What a review is about. `names` are the annotators who take part, by default all who finished anything."""

    names: Sequence[str] = ()
    minimum: int = 2
    """How many must have finished a document before it can be reviewed."""
    is_weighted: bool = False
    """Preselect by votes weighted with each annotator's reliability, rather than by majority."""
    check_share: float = 0.0
    """The share, in [0, 1], of the spans on which all agree that a person is to look at."""
    seed: int = 0
    """What draws those, and the letters that hide names."""
    hides_names: bool = False
    takes_model: bool = False
    """Let the model's cached suggestions be one more annotator's set."""


class Opened(NamedTuple):
    """A document's session, and what there is to say about opening it."""

    session: ReviewSession
    message: str


class ReviewWorkspace(SavingWorkspace):
    """Everything that reviewing needs of one store; `reviewer` decides. Methods belong to the interface's thread.

    `route` tells which document comes next; its filter and `hides_names` hold for every document that is opened.
    """

    def __init__(
        self,
        store: Store,
        *,
        reviewer: str,
        settings: Settings,
        options: ReviewOptions | None = None,
        model: str | None = None,
    ) -> None:
        """InputError if there is nothing to review, or too few annotators to weigh them."""
        # What may fail comes before the threads, which would outlive it.
        self.options = options = options or ReviewOptions()
        self.reviewer = check_annotator(reviewer)
        self._sets = ReviewedSets(
            store,
            names=options.names,
            minimum=options.minimum,
            pipeline=resolve(pipeline_asked(store, asked=model, settings=settings)),
            takes_model=options.takes_model,
        )
        if options.is_weighted and len(self.annotators) < FEWEST_ANNOTATORS:
            raise InputError(
                f"weighing annotators needs at least {FEWEST_ANNOTATORS} of them, and here are {len(self.annotators)}",
                hint="leave --preselect out: the majority is preselected then",
            )
        self._surveyor = Surveyor(store, self._sets, options.check_share, options.seed)
        self.hides_names = options.hides_names
        self._sessions: dict[str, ReviewSession] = {}
        self._known: dict[str, Sets] = {}
        self.route = Route(
            store,
            self._surveyor,
            self._sessions,
            minimum=options.minimum,
            preselection=self.preselection,
        )
        self._weights: Weights | None = None
        self.weighing: Weighing | None = Weighing(0, 0) if options.is_weighted else None
        """How far the weighing of the annotators is; None if it is done, or not wanted."""
        super().__init__(store, owner=GOLD, settings=settings)
        self._survey: Survey | None = None
        self._backup = DailyBackup(store, kept=settings.backups, on_failure=self._on_no_backup)

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who takes part, sorted; the model among them if it does."""
        return self._sets.annotators

    @property
    def damage(self) -> DamageError | None:
        """What is known to be damaged in the store and so is left out, as one error; None if nothing is."""
        unreadable = (error.message for error in self.route.unreadable.values())
        return self._damage([*self._sets.damage, *self._sets.problems, *unreadable])

    # Documents

    def open(self, document_id: str) -> Opened:
        """The session of a document: as it was left, unless an annotator's set has changed since.

        What all annotators share is taken, and saved with the reviewer's first decision: looking writes nothing. StoreError or InputError if the document cannot be read or too
        few have finished it, which the route's `unreadable` then tells until it can.
        """
        try:
            opened = self._open(document_id)
        except (StoreError, InputError) as error:
            self.route.pass_by(document_id, error)
            raise
        self.route.unreadable.pop(document_id, None)
        session = opened.session
        session.filter = self.route.filter
        session.is_blind = self.hides_names
        session.preselection = self.preselection(document_id)
        self._keep(document_id, session.editor)
        for old in self._sessions.keys() - self._editors.keys():
            del self._sessions[old], self._known[old]
        self.route.note(session)
        return opened

    def _open(self, document_id: str) -> Opened:
        document = self.store.document(document_id)
        sets = self._sets.spans(document)
        if not self.route.queue.is_reviewable(document_id):
            who = ", ".join(sets) or "nobody"
            raise InputError(
                f"“{document.title}” waits for others: {who} of {self.route.queue.minimum} annotators finished it",
                hint="--minimum asks for fewer",
            )
        kept = self._sessions.get(document_id)
        is_kept = kept is not None and self._editors.get(document_id) is kept.editor
        if kept is not None and is_kept and self._known[document_id] == sets:
            return Opened(kept, "")
        gold = kept.gold if kept is not None and is_kept else self._load_set(document_id)
        was_done = gold.status is Status.DONE
        session = ReviewSession(
            document,
            self.label_set,
            gold,
            sets,
            reviewer=self.reviewer,
            tokens=self._sets.tokens(document),
            preselection=self.preselection(document_id),
            check_share=self.options.check_share,
            seed=self.options.seed,
            names=pseudonyms(self.annotators, document=document_id, seed=self.options.seed),
        )
        change = session.begin()
        self._sessions[document_id], self._known[document_id] = session, sets
        is_new = was_done and session.counts.open > 0
        return Opened(session, "done before, and changed since: this is new" if is_new else change.message)

    def rows(self) -> list[CatalogueRow]:
        """The documents that can be reviewed, with their gold sets as their status and open conflicts as undecided."""
        rows = []
        for document_id in self.route.queue.reviewable:
            row = self.store.catalogue.row(document_id, GOLD)
            counts = self.route.counted.get(document_id)
            row = row._replace(undecided=counts.open if counts is not None else None)
            editor = self._editors.get(document_id)
            if editor is not None and self._is_decided_on(editor):
                spans = [span.span for span in editor.annotation_set.spans]
                row = row._replace(
                    status=editor.status,
                    spans=len(spans),
                    notes=sum(bool(span.note) for span in spans),
                    doubts=sum(span.doubt for span in spans),
                )
            rows.append(row)
        return rows

    def position(self, document_id: str) -> QueuePosition:
        """Where a document stands among those that can be reviewed."""
        return QueuePosition(*self.route.place(document_id), "review")

    def following(self, document_id: str) -> str | None:
        """The next document that is to be reviewed; None if there is none."""
        return self.route.following(document_id)

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The document before (-1) or behind (1) that can be reviewed; None beyond the end."""
        return self.route.neighbour(document_id, step)

    # What is worked out beside the screen

    def start_survey(self) -> None:
        """Begin to count conflicts and to weigh annotators, once; called after the first paint."""
        if self._survey is None:
            self._survey = Survey(
                self._surveyor, self.route.ids, weighs=self.options.is_weighted, tell=self._tell
            )
            self._survey.start()
            if self.store.is_read_only is None:
                self._backup.start()

    def _on_no_backup(self, error: StoreError) -> None:
        self.listener(BackupFailed(error))

    def _tell(self, event: Event) -> None:
        self.listener(event)

    def take(self, event: ConflictsCounted | Weighing | Weighed) -> None:
        """Take in what was worked out."""
        match event:
            case ConflictsCounted(found):
                self.route.take(found)
            case Weighing():
                self.weighing = event
            case Weighed(weights):
                self.weighing, self._weights = None, weights
                for document_id, session in self._sessions.items():
                    session.preselection = self.preselection(document_id)

    def preselection(self, document_id: str) -> Preselection:
        """What proposes a version for each conflict of a document."""
        if not self.options.is_weighted:
            return Majority()
        from annotator.workspace.review.weights import unknown

        if self._weights is not None:
            return self._weights.preselection(document_id)
        return unknown("the annotators are being weighed" if self.weighing else "they could not be weighed")

    # Saving

    def _open_questions(self, editor: Editor) -> int:
        return self._sessions[editor.document.id].counts.open

    def _is_decided_on(self, editor: Editor) -> bool:
        return self._sessions[editor.document.id].is_decided_on

    def choose(self, document_id: str, name: str) -> None:
        """Have one version of the gold set hold; the document is to be opened again. Raises as `Store.choose`."""
        super().choose(document_id, name)
        self._sessions.pop(document_id, None)
        self._known.pop(document_id, None)

    def _stop(self) -> None:
        if self._survey is not None:
            self._survey.close()
        self._backup.close()
