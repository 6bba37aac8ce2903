"""Several rows of one annotator on one text, as Prodigy saves them: each answers for its own spans.

A text that was shown once for each question, or in several passes, has many rows. Together they are one set: what the rows
accept, without what a later one rejects. Prodigy's own tools join rows in the same way, by the hash of the input. Rows
that nobody has answered are one document with the suggestions of all of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report
from annotator.formats.json_values import numbered_rows
from annotator.formats.jsonl_rows import KEPT_KEYS, annotator_in
from annotator.formats.reading import KEYS_OF_SPANS, ROWS_KEY
from annotator.formats.sources import Source
from annotator.model.decisions import Status
from annotator.model.spans import Span, Suggestion

_ANSWERS = ("accept", "reject", "ignore")
_HAS_SPANS = b'"spans"'
SpanKey = tuple[int, int, str]


class RowGroups:
    """The rows of one file that belong together, collected until the last one of each text has come.

    The file is read twice: the first time only to count, so that a row which stands alone is never kept.
    """

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self._left: Counter[int] = Counter()
        self._waiting: dict[int, list[tuple[str, AnnotatedDocument]]] = {}
        if _HAS_SPANS in source.head():
            counts: Counter[int] = Counter()
            for _, row in numbered_rows(source, replace(options, on_error=OnError.SKIP), Report()):
                if (key := _key(row)) is not None:
                    counts[key] += 1
            self._left = Counter({key: count for key, count in counts.items() if count > 1})

    def joined(
        self, row: Mapping[str, Any], place: str, sets: Iterable[AnnotatedDocument]
    ) -> Iterator[AnnotatedDocument]:
        """The sets of a row as they are, or the joint one once it is the last row of its annotator on its text."""
        key = _key(row)
        if key is None or key not in self._left:
            yield from sets
            return
        self._left[key] -= 1
        waiting = self._waiting.setdefault(key, [])
        waiting += [(place, annotated) for annotated in sets]
        if not self._left[key]:
            yield from _joint(self._waiting.pop(key))


def _key(row: Mapping[str, Any]) -> int | None:
    """What the rows of one annotator on one text share, answers or questions; None for a row that is neither.

    Tokens belong to the text: rows that bring others are rows on another input.
    """
    answer = row.get("answer")
    is_question = answer is None and isinstance(row.get("spans"), list) and "status" not in row
    if not (is_question or answer in _ANSWERS) or "versions" in row or not isinstance(row.get("text"), str):
        return None
    identifier = row.get("id") if isinstance(row.get("id"), str | int) else None
    return hash((row["text"], identifier, annotator_in(row), is_question))


def _joint(rows: Sequence[tuple[str, AnnotatedDocument]]) -> Iterator[AnnotatedDocument]:
    """One set of the rows of each text; rows that only share a hash stay apart."""
    by_text: dict[tuple[str, str | None], list[tuple[str, AnnotatedDocument]]] = {}
    for place, annotated in rows:
        by_text.setdefault((annotated.document.text, annotated.annotator), []).append((place, annotated))
    for same in by_text.values():
        yield _joined(same)


def _joined(rows: Sequence[tuple[str, AnnotatedDocument]]) -> AnnotatedDocument:
    """The set that several rows of one annotator on one text make: the last answer on a span holds, and that is told.

    Rows that all say the same are one row. A row of questions answers for its own spans only, so the set is not done; one of
    a manual pass was made by somebody who read the text.
    """
    _, first = rows[0]
    problems = [problem for _, annotated in rows for problem in annotated.problems]
    first = replace(first, document=replace(first.document, meta=_joined_meta(rows)))
    if len({_answer(annotated) for _, annotated in rows}) == 1:
        return replace(first, problems=tuple(dict.fromkeys(problems)))
    if all(annotated.status is Status.TODO for _, annotated in rows):
        asked = {each.key: each for _, annotated in rows for each in annotated.suggestions}
        ordered = sorted(asked.values(), key=lambda item: (item.start, -item.end, item.label))
        return replace(first, suggestions=tuple(ordered), problems=tuple(dict.fromkeys(problems)))
    accepted: dict[SpanKey, tuple[Span, Mapping[str, Any]]] = {}
    rejected: dict[SpanKey, Suggestion] = {}

    def tell(place: str, message: str) -> None:
        problems.append(Problem(first.document.id, place, f"{message}; this row came later and holds"))

    for place, annotated in rows:
        if annotated.status is Status.SKIPPED:  # ignored: an answer on nothing
            continue
        origins = annotated.provenance or ({},) * len(annotated.spans)
        for span, origin in zip(annotated.spans, origins, strict=True):
            key = (span.start, span.end, span.label)
            if rejected.pop(key, None) is not None:
                tell(place, f"{_named(key)} was rejected before")
            for other in [other for other in accepted if other[:2] == key[:2] and other != key]:
                tell(
                    place, f"[{other[0]}, {other[1]}) was accepted as {other[2]} before, now as {span.label}"
                )
                del accepted[other]
            accepted[key] = (span, origin)
        for suggestion in annotated.rejected:
            if accepted.pop(suggestion.key, None) is not None:
                tell(place, f"{_named(suggestion.key)} was accepted before")
            rejected[suggestion.key] = suggestion
    status = _status([annotated for _, annotated in rows])
    if status is Status.STARTED:
        message = (
            f"{len(rows)} rows on this text are one set, which is not done: each answers for its own spans"
        )
        problems.append(Problem(first.document.id, rows[-1][0], message))
    spans = sorted(accepted.values(), key=lambda item: (item[0].start, -item[0].end))
    origins_kept = tuple(origin for _, origin in spans)
    return replace(
        first,
        spans=tuple(span for span, _ in spans),
        status=status,
        rejected=tuple(sorted(rejected.values(), key=lambda item: (item.start, -item.end))),
        provenance=origins_kept if any(origins_kept) else (),
        problems=tuple(dict.fromkeys(problems)),
    )


def _joined_meta(rows: Sequence[tuple[str, AnnotatedDocument]]) -> dict[str, Any]:
    """The metadata of the first row; where later ones have other metadata, these as well, under ROWS_KEY."""
    first, *others = (annotated.document.meta for _, annotated in rows)
    meta = {key: value for key, value in first.items() if key not in (KEYS_OF_SPANS, ROWS_KEY)}
    further: list[dict[str, Any]] = []
    for other in others:
        differing = {
            key: value for key, value in other.items() if key != KEYS_OF_SPANS and value != meta.get(key)
        }
        if differing and differing not in further:
            further.append(differing)
    if further:
        meta[ROWS_KEY] = further
    if span_keys := [
        item for _, annotated in rows for item in annotated.document.meta.get(KEYS_OF_SPANS, ())
    ]:
        meta[KEYS_OF_SPANS] = list({json.dumps(item, sort_keys=True): item for item in span_keys}.values())
    return meta


def _status(rows: Sequence[AnnotatedDocument]) -> Status:
    """How far the work on a text is, by all of its rows."""
    answered = [annotated for annotated in rows if annotated.status is not Status.SKIPPED]
    if not answered:
        return Status.SKIPPED
    is_manual = all(_view(annotated).endswith("manual") for annotated in answered)
    return Status.DONE if is_manual else Status.STARTED


def _view(annotated: AnnotatedDocument) -> str:
    """Which of Prodigy's interfaces a row comes from; empty where it does not say."""
    kept = annotated.document.meta.get(KEPT_KEYS)
    view = kept.get("_view_id") if isinstance(kept, Mapping) else None
    return view if isinstance(view, str) else ""


def _answer(annotated: AnnotatedDocument) -> tuple[object, ...]:
    return annotated.spans, annotated.rejected, annotated.suggestions, annotated.status


def _named(key: SpanKey) -> str:
    start, end, label = key
    return f"{label} [{start}, {end})"
