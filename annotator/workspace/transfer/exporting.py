"""Which annotation set of each document leaves the store, and with which tokens."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from annotator.errors import DamageError, OutputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.tokens import Tokens
from annotator.store.layout import DOCUMENTS, GOLD, check_annotator
from annotator.store.repository import Store


def selected(
    store: Store,
    *,
    annotator: str | None = None,
    takes_all: bool = False,
    only: Container[str] | None = None,
) -> Iterator[AnnotatedDocument]:
    """One set a document: the annotator's if one is named, else gold's, else the only finished one.

    Only finished sets; `takes_all` takes others too. Documents without such a set, or whose id is not in `only`, are
    left out. OutputError, which
    names them, where several annotators have finished a document and none is asked for, or where the one asked for
    has none here. DamageError if a document of the store cannot be read: it would be missing without a word.
    """
    for path, message in store.catalogue.damaged.items():
        if path.startswith(f"{DOCUMENTS}/"):
            raise DamageError(
                message,
                hint="annotator check --repair mends it or puts it aside; then the rest can be exported",
            )
    annotators = store.annotators(gold=True)
    if annotator is not None and check_annotator(annotator, gold=True) not in annotators:
        raise OutputError(
            f"{annotator} has annotated nothing in {store.path}",
            hint=f"the annotators here are {', '.join(annotators)}" if annotators else "annotate some first",
        )
    for document_id in store.catalogue.ids:
        if only is not None and document_id not in only:
            continue
        chosen = _chosen(store, document_id, annotator, takes_all=takes_all)
        if chosen is not None:
            yield annotated(store.document(document_id), chosen)


def _chosen(
    store: Store, document_id: str, annotator: str | None, *, takes_all: bool
) -> AnnotationSet | None:
    if annotator is not None:
        return _usable(store.load_set(document_id, annotator, gold=True), takes_all=takes_all)
    names = store.sets_of(document_id, gold=True)
    if GOLD in names:
        gold = _usable(store.load_set(document_id, GOLD, gold=True), takes_all=takes_all)
        if gold is not None:
            return gold
    sets = [store.load_set(document_id, name) for name in names if name != GOLD]
    done = [annotation_set for annotation_set in sets if annotation_set.status is Status.DONE]
    selected = done or [annotation_set for annotation_set in sets if takes_all and annotation_set.revision]
    if len(selected) > 1:
        who = ", ".join(annotation_set.annotator for annotation_set in selected)
        title = store.document(document_id).title
        raise OutputError(
            f"several annotators have worked on “{title}”: {who}",
            hint="choose one with --annotator, or review them to make gold",
        )
    return selected[0] if selected else None


def _usable(annotation_set: AnnotationSet, *, takes_all: bool) -> AnnotationSet | None:
    if annotation_set.status is Status.DONE or (takes_all and annotation_set.revision):
        return annotation_set
    return None


def annotated(document: Document, annotation_set: AnnotationSet) -> AnnotatedDocument:
    """A document with the spans of a set, and where each comes from."""
    return AnnotatedDocument(
        document=document,
        spans=tuple(span.span for span in annotation_set.spans),
        status=annotation_set.status,
        rejected=tuple(annotation_set.rejections),
        annotator=annotation_set.annotator,
        provenance=tuple(map(_provenance, annotation_set.spans)),
    )


def _provenance(decided: DecidedSpan) -> dict[str, object]:
    decision, suggestion = decided.decision, decided.suggestion
    provenance: dict[str, object] = {
        "uid": decided.uid,
        "who": decision.who,
        "when": decision.when,
        "verb": decision.verb.value,
        "by": decision.by.value,
    }
    if suggestion is not None:
        provenance |= {"source": suggestion.source, "name": suggestion.name, "score": suggestion.score}
    return provenance


def tokens_for(store: Store, model: str | None) -> Callable[[Document], Tokens]:
    """A function that gives a document's tokens: the source's own, else the pipeline's, cached or made now."""
    from annotator.suggest.sources.resolution import resolve
    from annotator.workspace.pipeline_answers import PipelineAnswers

    pipeline = resolve(model or store.info.model)
    answers = PipelineAnswers(store, pipeline)
    tokenize: Callable[[str], Tokens] | None = None

    def tokens_of(document: Document) -> Tokens:
        nonlocal tokenize
        if (tokens := answers.tokens(document)) is not None:
            return tokens
        if tokenize is None:
            from annotator.suggest.sources.pipeline import Pipeline

            tokenize = Pipeline(pipeline.source, name=pipeline.name).tokens
        return tokenize(document.text)

    return tokens_of
