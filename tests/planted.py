"""A store with ten inconsistencies planted in it, for tests that find and mend them."""

from __future__ import annotations

from pathlib import Path

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb, new_uid
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

WHEN = "2026-11-22T14:02:11Z"
LABELS = LabelSet(name="news", labels=tuple(Label(name=name) for name in ("PER", "ORG", "LOC")))
NAMES = [
    f"{first}{second}"
    for first in ("Bar", "Cor", "Dun", "Fel")
    for second in ("ton", "wick", "mouth", "ley", "ham")
]
GOOD = [f"In the [{name} Society:ORG] of [{name}:LOC], [A. {name}:PER] spoke." for name in NAMES] * 2
PLANTED = [
    "[Barton:ORG] lost.",
    "[Barwick:PER] won.",
    "[A. Corley:ORG] left.",
    "[Dunham Society:LOC] met.",
    "Felton was there.",
    "A. Felham was there.",
    "Felwick Society was there.",
    "See [the Barton Society:ORG].",
    "See [the Corham Society:ORG].",
    "See [the Dunley Society:ORG].",
]

FOUND = sorted(
    [
        *(("labels", surface) for surface in ("Barton", "Barwick", "A. Corley", "Dunham Society")),
        *(("missed", surface) for surface in ("Felton", "A. Felham", "Felwick Society")),
        *(("edges", surface) for surface in ("Barton Society", "Corham Society", "Dunley Society")),
    ]
)
"""The kinds and texts of what is planted."""


def add(
    store: Store, document_id: str, marked: str, annotator: str, status: Verb | None = Verb.FINISH
) -> None:
    """A document and a set on it, from a text where [Rome:LOC] is a span and [Rome:-LOC] a rejection."""
    plain = ""
    drafts: list[tuple[Verb, Span]] = []
    rest = marked
    while "[" in rest:
        before, _, rest = rest.partition("[")
        inside, _, rest = rest.partition("]")
        surface, _, label = inside.rpartition(":")
        plain += before
        span = Span(len(plain), len(plain) + len(surface), label.lstrip("-"))
        drafts.append((Verb.REJECT if label.startswith("-") else Verb.ADD, span))
        plain += surface
    store.add_document(new_document(plain + rest, id=document_id))
    annotation_set = AnnotationSet(document_id, annotator)
    for verb, span in drafts:
        seq = annotation_set.revision + 1
        if verb is Verb.REJECT:
            suggestion = Suggestion(span.start, span.end, span.label)
            annotation_set.apply(
                Decision(seq, seq, verb, annotator, WHEN, suggestion=suggestion, uid=new_uid())
            )
        else:
            annotation_set.apply(
                Decision(seq, seq, verb, annotator, WHEN, new_uid(), None, span, uid=new_uid())
            )
    if status is not None:
        seq = annotation_set.revision + 1
        annotation_set.apply(Decision(seq, seq, status, annotator, WHEN, uid=new_uid()))
    store.save(SetSnapshot.of(annotation_set))


def made(path: Path, *texts: str, labels: LabelSet = LABELS, annotator: str = "anna") -> Store:
    store = Store.create(path / "store", label_set=labels)
    for number, text in enumerate(texts):
        add(store, f"d{number:03}", text, annotator)
    return store


def planted_store(path: Path) -> Store:
    """Forty documents that are alike, ten that are not, all anna's; and one of ben's."""
    store = made(path, *GOOD, *PLANTED)
    add(store, "other", "[Barton:PER] is somebody else's.", "ben")
    store.close()
    return store


def state(store: Store) -> dict[tuple[str, str], object]:
    """Spans, rejections and status of every set."""
    return {
        (annotator, document_id): (
            [(each.uid, each.span, each.suggestion) for each in annotation_set.spans],
            list(annotation_set.rejections),
            annotation_set.status,
        )
        for annotator in store.annotators(gold=True)
        for document_id in store.catalogue.sets(annotator)
        for annotation_set in [store.load_set(document_id, annotator, gold=True)]
    }
