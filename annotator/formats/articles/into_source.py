"""Spans written back into the HTML or Markdown that documents came from, as `<mark data-entity="PER">…</mark>`.

The sources are looked for in a folder that the person names, by what they hold: a document's metadata may be anybody's, so no
path in it is followed. A source that has changed since is not written into. Where a tag lies within a span, the mark ends
before it and begins anew behind it; such pieces have one number, by which reading makes them one span again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from annotator.errors import InputError, UsageError
from annotator.formats.alignment import Fitting
from annotator.formats.articles.html import KB_ID, LABEL, MARK, NOTE, NUMBER
from annotator.formats.articles.source_map import MAP, SourceMap, source_map
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, Report, WriteOptions
from annotator.formats.folder_writer import new_folder
from annotator.formats.losses import IDS, KB_IDS, META, NOTES, OVERLAPS, TITLES, LossCounter
from annotator.formats.sources import Source, decoded, folder_sources
from annotator.model.documents import Document, text_hash
from annotator.model.spans import Span

HOLDS = frozenset({OVERLAPS, KB_IDS, NOTES, IDS, TITLES, META})
"""What the marks hold, or the source does."""
_SUFFIXES = (".html", ".htm", ".xhtml", ".md", ".markdown")
_MARK_TAG = re.compile(rf"</?{MARK}(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG_WITHIN = re.compile(r"[<>]|\n[ \t]*\n")


def write_into_source(
    documents: Iterable[AnnotatedDocument],
    target: Path,
    sources: Path,
    *,
    options: WriteOptions,
    report: Report,
) -> None:
    """Copies of the sources in the folder `sources`, with the spans in them, into the new folder `target`.

    A document that came from neither HTML nor Markdown, or whose source is not there any more, is reported as lost.
    """
    fitting = Fitting(options.on_misaligned, report)
    losses = LossCounter(HOLDS, report, options)
    with new_folder(target) as folder:
        by_hash: dict[tuple[str, str], Source] = {}
        found = folder_sources(sources, _SUFFIXES)
        for annotated in losses.counted(documents):
            document = annotated.document
            kept = document.meta.get(MAP)
            map_of = source_map(document.meta, len(document.text))
            if map_of is None or not isinstance(kept, Mapping):
                _lose(document, "did not come from HTML or Markdown, and has no source to write into", report)
                continue
            encoding = kept.get("encoding") if isinstance(kept.get("encoding"), str) else "utf-8"
            _add_hashes(by_hash, found, str(encoding))
            source = by_hash.get((str(encoding), str(kept.get("sha256"))))
            if source is None:
                _lose(document, f"its source is not in {sources}, or was changed since", report)
                continue
            raw = "".join(decoded(source, str(encoding)))
            spans = fitting.aligned(annotated, None)
            written = folder / source.name
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(marked(raw, spans, map_of).encode(str(encoding), "xmlcharrefreplace"))
            report.count(document, spans=len(spans))
        fitting.finish()


def marked(raw: str, spans: list[Span], map_of: SourceMap) -> str:
    """The source with its spans marked, and no mark of earlier ones; each mark lies between two tags, and they nest."""
    old_marks = _old_marks(raw)
    edges: dict[int, list[tuple[int, Span]]] = {}
    cuts: set[int] = set()
    for number, span in enumerate(spans, start=1):
        for start, end in _pieces(raw, map_of.stretches(span.start, span.end)):
            cuts |= {start, end}
            edges.setdefault(start, []).append((number, span))
            edges.setdefault(end, []).append((-number, span))
    parts: list[str] = []
    last = 0
    open_marks: list[tuple[int, Span]] = []
    for cut in sorted(cuts):
        parts.append(_without(raw, last, cut, old_marks))
        last = cut
        ended = {-number for number, _ in edges[cut] if number < 0}
        begun = [(number, span) for number, span in edges[cut] if number > 0]
        reopened: list[tuple[int, Span]] = []
        while ended & {number for number, _ in open_marks}:
            parts.append(f"</{MARK}>")
            mark = open_marks.pop()
            if mark[0] not in ended:
                reopened.append(mark)
        for mark in [*reversed(reopened), *begun]:
            parts.append(_opening(*mark))
            open_marks.append(mark)
    parts.append(_without(raw, last, len(raw), old_marks))
    return "".join(parts)


def _old_marks(raw: str) -> list[tuple[int, int]]:
    """Where tags of marks stand that the source has already."""
    found: list[tuple[int, int]] = []
    open_marks: list[tuple[int, int] | None] = []
    for match in _MARK_TAG.finditer(raw):
        if not match[0].startswith("</"):
            open_marks.append(match.span() if f" {LABEL}=" in match[0] else None)
        elif open_marks and (opening := open_marks.pop()) is not None:
            found += [opening, match.span()]
    return sorted(found)


def _without(raw: str, start: int, end: int, stretches: list[tuple[int, int]]) -> str:
    """A stretch of the source without others."""
    kept = []
    for first, last in stretches:
        if start <= first and last <= end:
            kept.append(raw[start:first])
            start = last
    return "".join([*kept, raw[start:end]])


def _pieces(raw: str, stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches with what lies between them, where that is neither a tag nor a blank line."""
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if (
            joined
            and not _TAG_WITHIN.search(raw, joined[-1][1], start)
            and not raw[joined[-1][1] : start].strip()
        ):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(start, end) for start, end in joined if raw[start:end].strip()]


def _opening(number: int, span: Span) -> str:
    values = {LABEL: span.label, NUMBER: str(number), KB_ID: span.kb_id, NOTE: span.note}
    spelled = "".join(f' {name}="{html.escape(value)}"' for name, value in values.items() if value)
    return f"<{MARK}{spelled}>"


def _lose(document: Document, message: str, report: Report) -> None:
    report.add(Problem(document.id, document.title, message, loses=Part.DOCUMENT))


def _add_hashes(by_hash: dict[tuple[str, str], Any], found: list[Source], encoding: str) -> None:
    """The hashes of the sources in an encoding, once; a source that is not in it has none."""
    if any(known == encoding for known, _ in by_hash):
        return
    for source in found:
        try:
            by_hash[encoding, text_hash("".join(decoded(source, encoding)))] = source
        except (InputError, UsageError):  # which another encoding, or nothing, can read
            continue
