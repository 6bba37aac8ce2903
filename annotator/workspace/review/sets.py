"""What a review stands on: who finished which document, and what they marked there."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.editing.acceptable_counts import acceptable
from annotator.errors import InputError
from annotator.model.counting import counted
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.suggest.combination.combine import combined
from annotator.suggest.sources.resolution import ResolvedPipeline
from annotator.workspace.finished_sets import damaged_files, finished_by, finished_spans, whose
from annotator.workspace.pipeline_answers import PipelineAnswers

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
        self._answers = PipelineAnswers(store, pipeline)
        self.model = f"model:{pipeline.title}" if takes_model else None
        self.problems: list[str] = []
        """Why documents and sets that are damaged, or made on another text, are left out."""
        on_gold = InputError(
            f"{GOLD} is what a review makes, not one of its annotators", hint="leave it out of --annotators"
        )
        people = whose(store, names, on_gold=on_gold)
        self.by_document: dict[str, tuple[str, ...]] = {}
        """Who finished each document that anybody finished, as far as is known; sorted."""
        done = {name: finished_by(store, name) for name in people}
        for document_id in store.catalogue.ids:
            finished = [name for name in people if document_id in done[name]]
            if finished and self.model is not None and self._answers.has(document_id):
                finished.append(self.model)
            if finished:
                self.by_document[document_id] = tuple(finished)
        self.annotators = tuple(sorted({name for who in self.by_document.values() for name in who}))
        if max(map(len, self.by_document.values()), default=0) < max(1, minimum):
            raise self._too_few(store, minimum, is_asked=bool(names))
        self.damage = damaged_files(store, [*people, GOLD])

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
            spans = (
                self._of_model(document)
                if name == self.model
                else finished_spans(self._store, document, name, problems=self.problems)
            )
            if spans is not None:
                sets[name] = spans
        self.by_document[document.id] = tuple(sets)
        return sets

    def _of_model(self, document: Document) -> tuple[Span, ...] | None:
        if (answer := self._answers.get(document)) is None:
            return None
        label_set = self._store.info.label_set
        suggestions = acceptable(combined(answer.suggestions, label_set), nested=label_set.nested)
        return tuple(Span(suggestion.start, suggestion.end, suggestion.label) for suggestion in suggestions)

    def tokens(self, document: Document) -> Tokens | None:
        """The tokens of the source, else those of the pipeline if it has been here; None otherwise."""
        return self._answers.tokens(document)
