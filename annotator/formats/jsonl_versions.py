"""Rows that hold the work of several annotators on one text: Prodigy's review rows, and sets side by side.

A review row has its result as any row has its spans, and each version with the `sessions` that made it:

    {"text": "…", "spans": […], "answer": "accept", "versions": [{"spans": […], "sessions": ["db-ada"]}]}

Sets side by side stand by name, as `[start, end, label]` or as objects; offsets count characters where the row has a
text, and tokens where it has only words. `gold` may hold what they were settled to:

    {"text": "Ada met Bob.", "annotators": {"ada": [[0, 3, "PER"]], "ben": []}}
    {"tokens": ["Ada", "met", "Bob"], "annotators": {"ada": [[0, 1, "PER"]]}, "gold": [[0, 1, "PER"]]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, ReadOptions, broken
from annotator.formats.jsonl_rows import annotated_of, annotator_in
from annotator.formats.reading import whole_number

Row = Mapping[str, Any]


def sets_of(row: Row, place: str, options: ReadOptions) -> Iterator[AnnotatedDocument]:
    """The sets that a row holds, one after the other, each with the same document.

    InputError if the row has no text, or has problems where they are not wanted; or if it holds several
    annotators' sets and `options` want one.
    """
    if _has_sets(row):
        if not options.every_set:
            raise InputError(
                f"{place}: the row holds the sets of several annotators, by name",
                hint="annotator import without --annotator brings each to whom the row names",
            )
        yield from _side_by_side(row, place, options)
    elif options.every_set and (versions := list(_versions(row))):
        yield from _review(row, versions, place, options)
    else:
        yield annotated_of(row, place, options)


def _has_sets(row: Row) -> bool:
    sets = row.get("annotators")
    return isinstance(sets, dict) and bool(sets) and all(isinstance(each, list) for each in sets.values())


def _side_by_side(row: Row, place: str, options: ReadOptions) -> Iterator[AnnotatedDocument]:
    kept = {key: value for key, value in row.items() if key not in ("annotators", "gold", "answer", "spans")}
    counts_tokens = "text" not in row
    if counts_tokens:
        kept |= _text_of(row.get("tokens"), place)
    sets = dict(row["annotators"])
    for name, spans in sets.items():
        yield annotated_of(_done(kept, spans, name, counts_tokens=counts_tokens), place, options)
    if isinstance(gold := row.get("gold"), list):
        settled = _done(kept, gold, "", counts_tokens=counts_tokens)
        yield replace(annotated_of(settled, place, options), is_gold=True)


def _text_of(tokens: object, place: str) -> dict[str, Any]:
    """The text and the tokens of a row that has only words: one space between each two."""
    if not isinstance(tokens, list) or not all(isinstance(word, str) and word for word in tokens):
        raise broken(place, 'no "text", and "tokens" is not a list of words')
    found, start = [], 0
    for word in tokens:
        found.append({"text": word, "start": start, "end": start + len(word)})
        start += len(word) + 1
    return {"text": " ".join(tokens), "tokens": found}


def _done(kept: Row, spans: list[Any], name: str, *, counts_tokens: bool) -> dict[str, Any]:
    """The row of one annotator's finished set."""
    found = [_span(each, counts_tokens=counts_tokens) for each in spans]
    return {**kept, "spans": found, "answer": "accept", "_annotator_id": name, "_session_id": None}


def _span(span: object, *, counts_tokens: bool) -> object:
    """A span as a row of Prodigy's has it; what is none stays as it is, for the reader to complain about."""
    if not isinstance(span, list) or len(span) < 3:
        return span
    start, end, label = span[:3]
    if not counts_tokens:
        return {"start": start, "end": end, "label": label}
    behind = whole_number(end)
    return {"token_start": start, "token_end": end if behind is None else behind - 1, "label": label}


def _versions(row: Row) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The versions of a review row that name who made them, with the names."""
    versions = row.get("versions")
    for version in versions if isinstance(versions, list) else ():
        if not isinstance(version, dict):
            continue
        sessions = version.get("sessions")
        names = (
            [each for each in sessions if isinstance(each, str) and each]
            if isinstance(sessions, list)
            else []
        )
        if not names and (name := annotator_in(version)) is not None:
            names = [name]
        if names:
            yield version, list(dict.fromkeys(names))


def _review(
    row: Row, versions: list[tuple[dict[str, Any], list[str]]], place: str, options: ReadOptions
) -> Iterator[AnnotatedDocument]:
    """The result of a review, if there is one, and what each annotator had."""
    named = {name for _, names in versions for name in names}
    result = annotated_of(row, place, options)
    if row.get("answer") is not None:
        # Prodigy copies the version that it shows first, and with it the name of who made that.
        reviewer = result.annotator if result.annotator not in named else None
        yield replace(result, annotator=reviewer, is_gold=True)
    seen: set[str] = set()
    for version, names in versions:
        if version.get("text", row["text"]) != row["text"]:
            yield _left_out(result, place, f"the version of {names[0]} is of another text", options)
            continue
        own: dict[str, Any] = {key: version[key] for key in ("spans", "tokens") if key in version}
        made = annotated_of({**row, "answer": version.get("answer", "accept"), **own}, place, options)
        for name in names:
            if name in seen:
                yield _left_out(result, place, f"{name} has two versions; the first one is taken", options)
                continue
            seen.add(name)
            yield replace(made, annotator=name)


def _left_out(result: AnnotatedDocument, place: str, message: str, options: ReadOptions) -> AnnotatedDocument:
    """The bare document with a problem; InputError where none is wanted."""
    if options.on_error == OnError.FAIL:
        raise broken(place, message)
    problem = Problem(result.document.id, place, message, Part.ANSWER, is_allowed=True)
    return AnnotatedDocument(result.document, problems=(problem,))
