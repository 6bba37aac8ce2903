"""The figures of agreement, and the cases behind them, as one HTML file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from itertools import islice

from annotator.errors import InputError, StoreError
from annotator.measure.agreement import Agreement
from annotator.measure.alignment import Kind, Matching
from annotator.model.counting import counted
from annotator.model.spans import Labelled
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.workspace.agreement import grids
from annotator.workspace.agreement.cases import Behind, Pair, PairCase, cases_behind, passage
from annotator.workspace.agreement.grids import Cell, Figure, Grid

CASES = 100
"""So many differences are listed for each pair."""
_DOCUMENTS = 20
"""So many documents are listed, those with the lowest alpha."""
_TEXTS = 64
"""So many texts stay in memory while cases are written."""
_AROUND = 60

_DIFFERING = frozenset(Kind) - Matching.STRICT.agreeing
_SAID = {
    Kind.LABEL: "another label",
    Kind.BOUNDARY: "other boundaries",
    Kind.BOTH: "label and boundaries",
}

_STYLE = """
:root { color-scheme: light dark; --page: #fbfbf9; --ink: #23272e; --muted: #565d67; --line: #d3d6d9;
  --agreement: #2b77b8; --trouble: #cf7a00; --a: #cfe3f5; --b: #fbe3c0; }
@media (prefers-color-scheme: dark) { :root { --page: #14161b; --ink: #d3d7de; --muted: #99a0ab; --line: #3a4352;
  --agreement: #3f7fb5; --trouble: #a8650f; --a: #23425f; --b: #543a12; } }
body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .3rem; } p { margin: .2rem 0 .6rem; }
.note { color: var(--muted); } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--muted); font-weight: 600; } th:first-child, td.text { text-align: left; }
td.text { white-space: normal; }
td.agreement { background: color-mix(in srgb, var(--agreement) calc(var(--heat) * 45%), var(--page)); }
td.trouble { background: color-mix(in srgb, var(--trouble) calc(var(--heat) * 45%), var(--page)); }
mark { color: inherit; border-radius: 2px; padding: 0 .1em; background: var(--a); }
td.b mark { background: var(--b); } .label { color: var(--muted); font-size: .8em; }
summary { cursor: pointer; font-weight: 600; margin-top: .8rem; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } tr, h2, h2 + p { break-inside: avoid; }
  h2, summary { break-after: avoid; } td, mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .wide { overflow: visible; } }
""".strip()

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_PICTURES = {0x7F: "\u2421", **{code: chr(0x2400 + code) for code in range(0x20)}, 0x0A: "\u21b5"}


def report(
    store: Store, agreement: Agreement, *, title: str, remarks: Sequence[str], cases: int = CASES
) -> Iterator[str]:
    """The report, piece by piece; at most `cases` differences are listed for each pair, with their text."""
    yield f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{_text(title)}</title>\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{_text(title)}</h1>\n"
    who = ", ".join(agreement.annotators)
    shared = f"{counted(agreement.documents, 'document')} that at least two have finished"
    yield f"<p>{_text(who)}: {shared if agreement.pairs else 'measured by the gold'}.</p>\n"
    for remark in remarks:
        yield f'<p class="note">{_text(remark)}</p>\n'
    yield from _overall(agreement)
    if agreement.pairs:
        for figure in Figure:
            yield from _grid(grids.matrix(agreement, figure))
        yield from _grid(grids.pairs(agreement))
        yield from _grid(grids.labels(agreement))
        yield from _grid(grids.confusion(agreement))
    if agreement.against_gold:
        yield from _grid(grids.against_gold(agreement))
    texts = _Texts(store)
    if agreement.pairs:
        yield from _grid(grids.documents(agreement, texts.title), shown=_DOCUMENTS)
    yield "<h2>Differences</h2>\n"
    yield '<p class="note">Where two differ, in the order of the documents; every span is in one case.</p>\n'
    for pair in [
        *((pair.a, pair.b) for pair in agreement.pairs),
        *((GOLD, comparison.annotator) for comparison in agreement.against_gold),
    ]:
        yield from _differences(agreement, pair, texts, cases)
    yield "</body>\n</html>\n"


def _overall(agreement: Agreement) -> Iterator[str]:
    if not agreement.pairs:
        return
    yield "<h2>Over all annotators</h2>\n<table>\n"
    for name, value, meaning in grids.alphas(agreement):
        figure = grids.figure_text(value, digits=4)
        yield f'<tr><th scope="row">{_text(name)}</th><td>{figure}</td><td class="text note">{_text(meaning)}</td></tr>\n'
    yield "</table>\n"


def _grid(grid: Grid, *, shown: int | None = None) -> Iterator[str]:
    yield f'<h2>{_text(grid.title)}</h2>\n<p class="note">{_text(grid.note)}</p>\n<div class="wide"><table>\n'
    headings = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in (grid.corner, *grid.headings))
    yield f"<thead><tr>{headings}</tr></thead>\n<tbody>\n"
    for name, cells in grid.rows[:shown]:
        yield f'<tr><th scope="row">{_text(name)}</th>{"".join(map(_cell, cells))}</tr>\n'
    yield "</tbody></table></div>\n"
    if shown is not None and len(grid.rows) > shown:
        yield f'<p class="note">and {counted(len(grid.rows) - shown, "document")} more</p>\n'


def _cell(cell: Cell) -> str:
    if cell.heat is None:
        return f"<td>{_text(cell.text)}</td>"
    return f'<td class="{cell.tone.value}" style="--heat:{cell.heat:.2f}">{_text(cell.text)}</td>'


def _differences(agreement: Agreement, pair: Pair, texts: _Texts, most: int) -> Iterator[str]:
    a, b = pair
    differing = cases_behind(agreement.corpus, Behind("", (pair,), kinds=_DIFFERING))
    listed = list(islice(differing, most))
    more = sum(1 for _ in differing)
    yield f"<details open><summary>{_text(a)} and {_text(b)}: {counted(len(listed) + more, 'difference')}</summary>\n"
    if listed:
        headings = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in ("document", a, b, "kind"))
        yield f'<div class="wide"><table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n'
        for case in listed:
            yield _difference(case, texts)
        yield "</tbody></table></div>\n"
    if more:
        yield f'<p class="note">and {more:,} more</p>\n'
    yield "</details>\n"


def _difference(difference: PairCase, texts: _Texts) -> str:
    case = difference.case
    kind = _SAID.get(case.kind, f"only {difference.a if case.kind is Kind.ONLY_A else difference.b}")
    text = texts.text(case.document)
    sides = "".join(
        f'<td class="text {side}">{_span(span, difference.place, text)}</td>'
        for side, span in (("a", case.a), ("b", case.b))
    )
    return f'<tr><td class="text">{_text(texts.title(case.document))}</td>{sides}<td class="text">{_text(kind)}</td></tr>\n'


def _span(span: Labelled | None, interval: tuple[int, int], text: str | None) -> str:
    """One side of a case in its text; where it has nothing, a dash."""
    if span is None:
        return '<span class="note">–</span>'
    label = f'<span class="label">{_text(span.label)}</span>'
    if text is None:
        return f"{label} {span.start}–{span.end}"
    shown = passage(text, interval, around=_AROUND)
    shift = interval[0] - len(shown.before)
    whole = shown.before + shown.inside + shown.after
    before, inside, after = (
        _text(part)
        for part in (
            whole[: span.start - shift],
            whole[span.start - shift : span.end - shift],
            whole[span.end - shift :],
        )
    )
    starts, ends = "" if shown.starts else "… ", "" if shown.ends else " …"
    return f'<bdi dir="auto">{starts}{before}<mark>{inside}</mark>{after}{ends}</bdi> {label}'


class _Texts:
    """Titles and texts of a store's documents, the last ones kept; a text that cannot be read is None."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.text = lru_cache(maxsize=_TEXTS)(self._read)

    def title(self, document_id: str) -> str:
        """What a document is called."""
        entry = self._store.catalogue.get(document_id)
        return entry.title if entry is not None else document_id

    def _read(self, document_id: str) -> str | None:
        try:
            return self._store.document(document_id).text
        except (StoreError, InputError):  # damaged since it was measured
            return None


def _text(text: str) -> str:
    """Text for HTML: escaped, and what cannot be seen or turns the reading direction as a sign of its own."""
    return escape(_UNSEEN.sub(lambda match: _PICTURES.get(ord(match[0]), "\ufffd"), text))
