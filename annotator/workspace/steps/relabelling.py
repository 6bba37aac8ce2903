"""Labels renamed or merged through a whole store, as one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.errors import LabelSetError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Status, Verb, new_uid, time_text
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span
from annotator.store.plans import Plan, Planned
from annotator.store.repository import Store


@dataclass(frozen=True, slots=True)
class Relabelling:
    """What a rename or merge would do, before it is done: how many spans in how many sets."""

    plan: Plan
    spans: int
    sets: int


def label_counts(store: Store) -> Counter[str]:
    """How many spans carry each label, in all annotation sets together."""
    return Counter(span.label for annotation_set in all_sets(store) for span in annotation_set.spans)


def all_sets(store: Store) -> Iterator[AnnotationSet]:
    """Every annotation set of the store, one at a time."""
    catalogue = store.catalogue
    for annotator in store.annotators(gold=True):
        for document_id in catalogue.sets(annotator):
            if document_id in catalogue:
                yield store.load_set(document_id, annotator, gold=True)


def rename_label(store: Store, old: str, new: str, *, who: str, clock: Clock = utc_now) -> Relabelling:
    """Plan that the label `old` is called `new` from now on; LabelSetError if that is a label already."""
    labels = store.info.label_set
    labels.check(old)
    if new in labels:
        raise LabelSetError(f"there is a label {new} already", hint=f"annotator labels merge {old} {new}")
    changed = [
        {**_content(label), "name": new} if label.name == old else _content(label) for label in labels.labels
    ]
    after = _checked(labels, changed, _mapped(labels, old, new))
    return _planned(store, old, new, f"rename {old} to {new}", after, who=who, clock=clock)


def merge_label(store: Store, old: str, into: str, *, who: str, clock: Clock = utc_now) -> Relabelling:
    """Plan that what is labelled `old` is labelled `into`, and that there is no `old` any more.

    `old` may be one that only spans have: a colleague who works with an older label set goes on using a label that was
    renamed here.
    """
    labels = store.info.label_set
    labels.check(into)
    if old == into:
        raise LabelSetError(f"{old} cannot be merged into itself", hint="name two labels")
    if old not in labels and not label_counts(store)[old]:
        labels.check(old)
    rest = [_content(label) for label in labels.labels if label.name != old]
    after = _checked(labels, rest, _mapped(labels, old, into))
    return _planned(store, old, into, f"merge {old} into {into}", after, who=who, clock=clock)


def add_label(labels: LabelSet, label: Label) -> LabelSet:
    """The label set with one more label; LabelSetError if its name or key is taken, or wrong."""
    return _checked(labels, [*map(_content, labels.labels), _content(label)], dict(labels.map))


def _mapped(labels: LabelSet, old: str, new: str) -> dict[str, str | None]:
    """What the models' labels mean afterwards: whatever meant `old` means `new`."""
    mapping = {name: new if meant == old else meant for name, meant in labels.map.items()}
    mapping.setdefault(old, new)
    return mapping


def _checked(labels: LabelSet, changed: Sequence[dict[str, Any]], mapping: dict[str, str | None]) -> LabelSet:
    import json

    content = replace(labels, labels=labels.labels).content | {
        "labels": list(changed),
        "map": mapping,
    }
    return LabelSet.from_json(json.dumps(content, ensure_ascii=False), origin="the changed label set")


def _content(label: Label) -> dict[str, Any]:
    """The fields of a label that hold anything."""
    return {name: value for name, value in vars(label).items() if value}


def _planned(
    store: Store, old: str, new: str, title: str, after: LabelSet, *, who: str, clock: Clock
) -> Relabelling:
    when = time_text(clock())
    planned: list[Planned] = []
    spans = sets = 0
    for annotation_set in all_sets(store):
        drafts = relabellings(annotation_set, {old: new})
        if not drafts:
            continue
        spans += sum(draft.span is not None for draft in drafts)
        sets += 1
        key = (annotation_set.document_id, annotation_set.annotator)
        planned += [Planned(*key, _decision(draft, who, when)) for draft in drafts]
    plan = Plan(new_uid(), title, who, when, tuple(planned), store.info.label_set, after)
    return Relabelling(plan, spans, sets)


def _decision(draft: Draft, who: str, when: str) -> Decision:
    verb, span, before, after, suggestion, _ = draft
    return Decision(0, 0, verb, who, when, span, before, after, suggestion, by=By.BULK, uid=new_uid())


def relabellings(annotation_set: AnnotationSet, names: Mapping[str, str]) -> list[Draft]:
    """The decisions that give labels their new names in a set, by the old ones; none if it has none of these.

    What was rejected under the old name stays rejected under the new one, and a skipped set stays skipped.
    """
    drafts = [draft for old, new in names.items() for draft in _relabelled(annotation_set, old, new)]
    if drafts and annotation_set.status is Status.SKIPPED:  # any decision on it would take it up again
        drafts.append(Draft(Verb.SKIP))
    return drafts


def _relabelled(annotation_set: AnnotationSet, old: str, new: str) -> Iterator[Draft]:
    taken = {(span.start, span.end) for span in annotation_set.spans if span.label == new}
    for decided in annotation_set.spans:
        if decided.label != old:
            continue
        interval = (decided.start, decided.end)
        after: Span | None = None if interval in taken else replace(decided.span, label=new)
        taken.add(interval)
        verb = Verb.REMOVE if after is None else Verb.RELABEL
        yield Draft(verb, decided.uid, decided.span, after)
    for rejected in annotation_set.rejections:
        if rejected.label == old:
            yield Draft(Verb.REJECT, suggestion=replace(rejected, label=new))


def new_names(before: LabelSet, after: LabelSet) -> dict[str, str]:
    """What the labels of `before` are called in `after`, as far as they were renamed or merged, or that was taken back.

    A rename leaves the old name in the map of what labels mean. The old label may still be there: for sets that were
    left out, since somebody has them open.
    """
    names: dict[str, str] = {}
    for name in before.by_name:
        meant = after.map.get(name)
        if meant is not None and meant != name and before.map.get(name) != meant:
            names[name] = meant
        elif name not in after:
            earlier = [old for old, meant in before.map.items() if meant == name and old in after]
            if len(earlier) == 1:
                names[name] = earlier[0]
    return names
