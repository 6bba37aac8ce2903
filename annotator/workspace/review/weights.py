"""How far each annotator is to be trusted, worked out beside the screen, and what that says of a conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.errors import InputError, StoreError
from annotator.measure.corpus import CorpusBuilder, FinishedDocument
from annotator.measure.dawid_skene import fit_dawid_skene
from annotator.model.documents import Document
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.review.annotator_weights import version_posteriors
from annotator.review.conflicts import Conflict
from annotator.review.preselection import Preselection, Proposal, Weighted
from annotator.review.provenance import Source
from annotator.store.repository import Store
from annotator.workspace.review.sets import ReviewedSets

if TYPE_CHECKING:
    from annotator.measure.dawid_skene import DawidSkene


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The model of the annotators, the labels that it knows, and the tokens of each document that it has seen."""

    model: DawidSkene
    labels: tuple[str, ...]
    tokens: dict[str, Tokens]

    def preselection(self, document_id: str) -> Preselection:
        """What proposes a version for each conflict of a document."""
        tokens = self.tokens.get(document_id)
        if tokens is None:
            return unknown("these sets were not weighed")
        return Weighted(version_posteriors(tokens, self.model.posteriors[document_id].tolist(), self.labels))


def unknown(reason: str) -> Preselection:
    """Proposes nothing, for this reason."""

    def propose(conflict: Conflict) -> Proposal:
        return Proposal(None, 0.0, Source.WEIGHTED, reason)

    return propose


def weigh(
    store: Store, finished: ReviewedSets, ids: Iterable[str], *, goes_on: Callable[[int], bool]
) -> Weights | None:
    """Fit the model to these documents; None once `goes_on`, which is told how many have been read, says no.

    It holds an interpreter's worth of numpy and takes seconds: not for the interface's thread. InputError with fewer
    than three annotators.
    """
    builder = CorpusBuilder()
    tokens: dict[str, Tokens] = {}
    for number, document_id in enumerate(ids):
        if not goes_on(number):
            return None
        try:
            document = store.document(document_id)
        except (StoreError, InputError):
            continue  # opening it tells
        tokens[document_id] = tokens_of(finished, document)
        builder.add(
            FinishedDocument(document_id, len(document.text), tokens[document_id], finished.spans(document))
        )
    corpus = builder.build()
    return Weights(fit_dawid_skene(corpus), corpus.labels, tokens)


def tokens_of(finished: ReviewedSets, document: Document) -> Tokens:
    """The tokens that a document has, else the plain stand-in's."""
    return finished.tokens(document) or stand_in_tokens(document.text)
