"""What a review stands on: who finished which document, and what they marked there."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.editing.harvest import acceptable
from annotator.errors import InputError, StoreError
from annotator.model.counting import counted
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.store.names import GOLD, check_annotator
from annotator.store.repository import Store
from annotator.store.scan import ANNOTATIONS, DOCUMENTS
from annotator.suggest.answers import Answer, answer_from_record
from annotator.suggest.combine import combined
from annotator.suggest.resolution import ResolvedPipeline

Sets = dict[str, tuple[Span, ...]]
"""The spans of each annotator who finished a document."""


class ReviewedSets:
    """The finished sets of a store's annotators, read when wanted. Any thread may ask.

    `names` are the annotators asked for, by default all who have finished anything. With `takes_model` the
    `pipeline`'s cached suggestions are one more annotator's set wherever there are any; its name has a colon, which no
    person's can have.
    """

    def __init__(
        self,
        store: Store,
        *,
        names: Sequence[str] = (),
        minimum: int,
        pipeline: ResolvedPipeline,
        takes_model: bool = False,
    ) -> None:
        """InputError if one of `names` has annotated nothing here, or no document was finished by `minimum`."""
        self._store = store
        self._kind = f"suggestions-{pipeline.cache_name}"
        self.model = f"model:{pipeline.title}" if takes_model else None
        self.problems: list[str] = []
        """Why documents and sets that are damaged, or made on another text, are left out."""
        people = _asked(store, names)
        self.by_document: dict[str, tuple[str, ...]] = {}
        """Who finished each document that anybody finished, as far as is known; sorted."""
        done = {name: _done(store, name) for name in people}
        for document_id in store.catalogue.ids:
            finished = [name for name in people if document_id in done[name]]
            if finished and self.model is not None and store.cache.has(self._kind, document_id):
                finished.append(self.model)
            if finished:
                self.by_document[document_id] = tuple(finished)
        self.annotators = tuple(sorted({name for who in self.by_document.values() for name in who}))
        if max(map(len, self.by_document.values()), default=0) < max(1, minimum):
            raise self._too_few(store, minimum, is_asked=bool(names))
        self.damage = _damage(store, people)

    def _too_few(self, store: Store, minimum: int, *, is_asked: bool) -> InputError:
        who = "none of these annotators" if is_asked else "nobody"
        if not self.annotators:
            return InputError(
                f"{who} has finished a document in {store.path}",
                hint="finish documents with annotator annotate, or bring a colleague's with annotator merge",
            )
        if len(self.annotators) == 1:
            return InputError(
                f"only {self.annotators[0]} has finished documents, and a review compares {max(2, minimum)}",
                hint="annotator merge brings a colleague's store; --with-model lets the model be the other",
            )
        documents = counted(len(self.by_document), "document")
        return InputError(
            f"no document was finished by {minimum} annotators: {documents} wait for others",
            hint="annotator assign --overlap gives documents to several; --minimum asks for fewer",
        )

    def spans(self, document: Document) -> Sets:
        """What each who finished a document marked. Sets that cannot be read, or are not done any more, are left out."""
        sets: Sets = {}
        for name in self.by_document.get(document.id, ()):
            found = self._of_model(document) if name == self.model else self._of_person(document, name)
            if found is not None:
                sets[name] = found
        self.by_document[document.id] = tuple(sets)
        return sets

    def _of_person(self, document: Document, name: str) -> tuple[Span, ...] | None:
        try:
            found = self._store.load_set(document.id, name)
        except (StoreError, InputError) as error:
            self._leave_out(error.message)
            return None
        if found.status is not Status.DONE:
            return None
        if any(each.end > len(document.text) for each in found.spans):
            self._leave_out(f"{name}'s spans on {document.id} reach beyond its text")
            return None
        return tuple(each.span for each in found.spans)

    def _of_model(self, document: Document) -> tuple[Span, ...] | None:
        if (answer := self._answer(document)) is None:
            return None
        label_set = self._store.info.label_set
        found = acceptable(combined(answer.suggestions, label_set), nested=label_set.nested)
        return tuple(Span(each.start, each.end, each.label) for each in found)

    def _answer(self, document: Document) -> Answer | None:
        record = self._store.cache.get(self._kind, document.id)
        return answer_from_record(record, document.text) if record is not None else None

    def tokens(self, document: Document) -> Tokens | None:
        """The tokens of the source, else those of the pipeline if it has been here; None otherwise."""
        if document.tokens is not None:
            return document.tokens
        answer = self._answer(document)
        return answer.tokens if answer is not None else None

    def _leave_out(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _asked(store: Store, names: Sequence[str]) -> list[str]:
    """Whose sets take part, sorted; InputError for gold, and for somebody who has none."""
    known = store.annotators()
    for name in names:
        if name == GOLD:
            raise InputError(
                f"{GOLD} is what a review makes, not one of its annotators",
                hint="leave it out of --annotators",
            )
        if check_annotator(name) not in known:
            raise InputError(
                f"{name} has annotated nothing in {store.path}",
                hint=f"the annotators here are {', '.join(known)}" if known else "nobody has annotated here",
            )
    return sorted(set(names)) or known


def _done(store: Store, name: str) -> set[str]:
    statuses = store.catalogue.statuses(name)
    return {document_id for document_id, status in statuses.items() if status is Status.DONE}


def _damage(store: Store, people: Sequence[str]) -> list[str]:
    """What the catalogue could not read of documents, of these annotators' sets and of gold."""
    folders = (f"{DOCUMENTS}/", *(f"{ANNOTATIONS}/{name}/" for name in (*people, GOLD)))
    return [message for path, message in store.catalogue.damaged.items() if path.startswith(folders)]
