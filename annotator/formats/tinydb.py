"""One TinyDB file: a table of documents and one of their spans, as stock TinyDB reads it.

```
{
"documents": {
"1": {"text": "…", "id": "venezuela", "answer": "accept", "spans": 2, …},
"2": {…}
},
"spans": {
"1": {"document": 1, "start": 0, "end": 6, "label": "PERSON", "text": "Chávez", …},
"2": {"document": 1, …}
}
}
```

The fields are those of Prodigy's JSONL. A document's `spans` says how many there are, a span's `document` the number
of its document in the other table. The layout is TinyDB's own, which needs no library to write.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import (
    AnnotatedDocument,
    Part,
    Problem,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
    broken,
)
from annotator.formats.json_values import encoded, leave_out
from annotator.formats.jsonl import row_of
from annotator.formats.jsonl_rows import annotated_of
from annotator.formats.reading import whole_number
from annotator.formats.sources import Source, decoded
from annotator.formats.targets import replacing

DOCUMENTS, SPANS = "documents", "spans"

_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:documents|spans)"\s*:\s*\{\s*(?:\}|"[0-9]+"\s*:\s*\{)')

Table = dict[int, dict[str, Any]]


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """A document a record of the table `documents`, in the order of their numbers, with its spans.

    TinyDB's files are single values, so the whole file is held in memory. InputError if it is none, has no such
    table, or names the record that is broken, which is left out and reported instead if the options say so.
    """
    tables = _parsed("".join(decoded(source, options.encoding)), source.name)
    documents, spans = (_table(tables, name, source.name) for name in (DOCUMENTS, SPANS))
    by_document: dict[object, list[dict[str, Any]]] = {}
    for number, span in sorted(spans.items()):
        row = {key: value for key, value in span.items() if key != "document"}
        if (owner := span.get("document")) not in documents:
            _complain(
                f"{source.name}: record {number} of {SPANS}", "its document is not there", options, report
            )
        by_document.setdefault(owner, []).append(row)
    for number, row in sorted(documents.items()):
        place = f"{source.name}: record {number} of {DOCUMENTS}"
        found = by_document.get(number, [])
        if (count := row.get("spans", 0)) != len(found):
            _complain(place, f"it should have {count} spans, but has {len(found)}", options, report)
        if "spans" in row or found:
            row = {**row, "spans": found}
        try:
            yield annotated_of(row, place, options)
        except InputError as error:
            leave_out(error, place, "document", options, report)


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A record a document and a record a span. The spans wait in a temporary file until the documents are through."""
    with replacing(target) as file, tempfile.TemporaryFile() as waiting:
        file.write(b'{\n"%b": {' % DOCUMENTS.encode())
        written = 0
        for number, annotated in enumerate(documents, 1):
            document = annotated.document
            given = tokens(document) if tokens is not None else document.tokens
            row = row_of(annotated, given, options, report)
            spans = row.get("spans")
            if spans is not None:
                row["spans"] = len(spans)
            _put(file, number, row)
            for span in spans or ():
                written += 1
                text = document.text[span["start"] : span["end"]]
                _put(waiting, written, {"document": number, **span, "text": text})
            report.count(document, spans=len(spans or ()))
        file.write(b'\n},\n"%b": {' % SPANS.encode())
        waiting.seek(0)
        shutil.copyfileobj(waiting, file)
        file.write(b"\n}\n}\n")


def sniff(head: bytes) -> bool:
    """True if the file begins with a table of documents or spans."""
    return _HEAD.match(head) is not None


def _put(file: BinaryIO, number: int, record: dict[str, Any]) -> None:
    """Add a record to the table that was begun last."""
    file.write(b'%b\n"%d": %b' % (b"," * (number > 1), number, encoded(record)))


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_without_repetition, parse_constant=_refuse)
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply", hint="is it a TinyDB file?") from error
    except ValueError as error:
        raise InputError(f"{name} is not JSON: {error}", hint="is it a TinyDB file, and whole?") from error
    if not isinstance(content, dict) or not isinstance(content.get(DOCUMENTS), dict):
        raise InputError(
            f"{name} has no table {DOCUMENTS}", hint="annotator export --format tinydb writes such a file"
        )
    return content


def _table(tables: dict[str, Any], name: str, source: str) -> Table:
    """A table's records by their numbers; an empty one if the file has none."""
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise broken(source, f"{name} is not a table")
    for number, record in table.items():
        if whole_number(number) is None or not isinstance(record, dict):
            raise broken(f"{source}: {name}", f"{number!r} is not the number of a record")
    return {int(number): record for number, record in table.items()}


def _complain(place: str, message: str, options: ReadOptions, report: Report) -> None:
    if options.on_error == OnError.FAIL:
        raise broken(place, message)
    report.add(Problem("", place, message, Part.SPAN, is_allowed=True))


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return record


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number in JSON")
