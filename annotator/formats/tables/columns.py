"""What a table holds, and in which columns: tokens with tags, texts, or spans.

It is a table of spans if columns are called start, end and label, one of tokens if a column of short cells stands beside
one of tags, and one of texts if a column is called like one or holds long cells. Options name columns by number or name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.errors import InputError
from annotator.formats.conll.columns import (
    LABEL_NAMES,
    TOKEN_NAMES,
    Layout,
    Sample,
    column_index,
    first_of,
    layout_of_rows,
    plain_name,
)
from annotator.formats.exchange import ReadOptions
from annotator.formats.reading import Role, key_for, whole_number
from annotator.formats.tag_styles import find_column

Row = list[str]

OUR_COLUMNS = (
    "document", "title", "start", "end", "label", "text", "note", "doubt", "kb_id", "annotator", "status", "meta",
    "document_text",
)  # fmt: skip
"""What we call the columns of a table of spans, in the order in which they stand."""
_OUR_SPAN_COLUMNS = ("start", "end", "label", "document", "document_text", "text", "annotator")
"""Of these the ones that SpanColumns has, in its order."""
TEXT_NAMES = (
    "text", "content", "sentence", "document-text", "full-text", "document", "doc", "body", "abstract", "article", "passage",
    "paragraph", "review", "comment", "message", "tweet", "post", "description", "summary", "headline", "question", "note",
)  # fmt: skip
ID_NAMES = (
    "id", "document-id", "doc-id", "documentid", "docid", "document", "doc", "text-id", "article-id", "sentence-id", "pmid",
    "uid", "uuid", "key", "filename", "file-name", "file",
)  # fmt: skip
_TITLE_NAMES = ("title",)
_QUOTE_NAMES = (
    "text", "quote", "mention", "entity-text", "span-text", "surface", "entity", "span", "word", "term",
)  # fmt: skip
_WORDS_NAMES = ("tokens", "words")
_ANNOTATOR_NAMES = ("annotator", "annotator-id", "user", "coder", "created-by")
_SHORT = 40
"""A header's cells, and tokens, are no longer than this as a rule."""
_LONG = 15
"""Characters that the cells of a column of texts have on average, at least."""
_SHOWN = 4
_NUMBER = re.compile(r"[-+]?\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class SpanColumns:
    """Where a table of spans has what; None for what it has not. `text` is the document's, `quote` the span's."""

    start: int
    end: int
    label: int
    document: int | None
    text: int | None
    quote: int | None
    annotator: int | None


@dataclass(frozen=True, slots=True)
class TextColumns:
    """Where a table of texts has what. `text` is None where the rows have lists of words instead."""

    text: int | None
    id: int | None
    title: int | None


@dataclass(frozen=True, slots=True)
class TokenColumns:
    """Where a table of tokens has what: the layout as of CoNLL, and the column that names each token's document."""

    layout: Layout
    document: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds. `names` are its columns', made up where it has no header; `notes` tell what was found."""

    columns: SpanColumns | TextColumns | TokenColumns
    names: tuple[str, ...]
    has_header: bool
    notes: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        """True if the columns are the ones that we write."""
        return set(OUR_COLUMNS) <= set(self.names)


def find_contents(rows: Sequence[Row], options: ReadOptions, *, name: str) -> Contents:
    """What the table called `name` holds, by its first rows. InputError if that is neither texts, tokens nor spans."""
    if not rows:
        raise InputError(
            f"{name} holds no rows", hint="give a table with a column of texts, or of tokens and tags"
        )
    has_header = _has_header(rows, options)
    width = len(rows[0]) if has_header else _usual_width(rows)
    first = [cell.strip() for cell in rows[0]] if has_header else []
    names = tuple((*first, *[""] * width)[:width])
    names = tuple(column or f"column {index + 1}" for index, column in enumerate(names))
    plain = [plain_name(column) for column in names] if has_header else []
    below = [_filled(row, width) for row in rows[has_header:]]
    asks_text = options.text_column is not None
    asks_tokens = options.token_column is not None or bool(options.label_columns)
    columns: SpanColumns | TextColumns | TokenColumns | None = None
    if not asks_text and not asks_tokens:
        columns = _span_columns(plain, below)
    if columns is None and not asks_text:
        columns = _token_columns(plain, below, options, has_header=has_header, name=name)
    if columns is None:
        columns = _text_columns(plain, below, options, name=name, names=names)
    return Contents(columns, names, has_header, tuple(_notes(columns, names, has_header)))


def _usual_width(rows: Sequence[Row]) -> int:
    """How many cells most rows have; of two such numbers the larger one."""
    widths = Counter(map(len, rows))
    return max(widths, key=lambda width: (widths[width], width))


def known_header(row: Row) -> bool:
    """True if a row names the columns of a table of spans, of tokens and tags, or of texts."""
    names = [plain_name(cell) for cell in row]
    if len(set(names)) != len(names):
        return False
    return (
        _has_span_names(names)
        or (first_of(names, TOKEN_NAMES) is not None and first_of(names, LABEL_NAMES) is not None)
        or (first_of(names, TEXT_NAMES) is not None and all(len(name) <= _SHORT for name in names))
    )


def is_token_header(row: Row) -> bool:
    """True if a row names a column of tokens and one of tags, and none of spans."""
    names = [plain_name(cell) for cell in row]
    has_both = first_of(names, TOKEN_NAMES) is not None and first_of(names, LABEL_NAMES) is not None
    return has_both and not _has_span_names(names)


def _filled(row: Row, width: int) -> Row:
    return row if len(row) == width else [*row, *[""] * (width - len(row))][:width]


def _has_header(rows: Sequence[Row], options: ReadOptions) -> bool:
    """True if the first row names the columns: by names that are known or asked for, or by being unlike all others."""
    names = [plain_name(cell) for cell in rows[0]]
    asked = (options.text_column, options.id_column, options.token_column, *options.label_columns)
    if any(isinstance(column, str) for column in asked) or known_header(rows[0]):
        return True
    cells, others = rows[0], rows[1:]
    if (
        not others
        or len(set(names)) != len(names)
        or not all(0 < len(cell.strip()) <= _SHORT for cell in cells)
    ):
        return False
    if any(_NUMBER.fullmatch(cell.strip()) for cell in cells):
        return False
    for index, cell in enumerate(cells):
        below = [row[index] for row in others if len(row) > index and row[index].strip()]
        if below and (
            all(_NUMBER.fullmatch(value.strip()) for value in below)
            or sum(map(len, below)) / len(below) > 3 * max(len(cell), _LONG)
        ):
            return True
    return False


def _has_span_names(names: Sequence[str]) -> bool:
    return all(_column_for(role, names) is not None for role in (Role.START, Role.END, Role.LABEL))


def _column_for(role: Role, names: Sequence[str]) -> int | None:
    """The first column whose name stands for `role`; None if none does."""
    name = key_for(role, dict.fromkeys(names, True))
    return None if name is None else names.index(name)


def _span_columns(names: Sequence[str], rows: Sequence[Row]) -> SpanColumns | None:
    """The columns of a table of spans; None if it is none. Which `text` is meant, the cells tell by their length."""
    if all(plain_name(column) in names for column in OUR_COLUMNS):
        return SpanColumns(*(names.index(plain_name(column)) for column in _OUR_SPAN_COLUMNS))
    start, end, label = (_column_for(role, names) for role in (Role.START, Role.END, Role.LABEL))
    if start is None or end is None or label is None:
        return None
    used = {start, end, label}
    quotes = [names.index(name) for name in _QUOTE_NAMES if name in names and names.index(name) not in used]
    texts = [names.index(name) for name in TEXT_NAMES if name in names and names.index(name) not in used]
    quote = next((index for index in quotes if _are_quotes(rows, index, start, end)), None)
    text = next(
        (
            index
            for index in texts
            if index != quote
            and _reach(rows, index, end)
            and (names[index] not in ID_NAMES or _has_blanks(rows, index))
        ),
        None,
    )
    document = next(
        (
            index
            for name in ID_NAMES
            if name in names and (index := names.index(name)) not in {*used, text, quote}
        ),
        None,
    )
    if document is None and text is None:
        return None
    return SpanColumns(start, end, label, document, text, quote, first_of(names, _ANNOTATOR_NAMES))


def _numbers(row: Row, start: int, end: int) -> tuple[int, int] | None:
    first, last = whole_number(row[start].strip()), whole_number(row[end].strip())
    return None if first is None or last is None else (first, last)


def _are_quotes(rows: Sequence[Row], index: int, start: int, end: int) -> bool:
    """True if nearly all cells of a column are as long as their spans."""
    places = [(row, place) for row in rows if (place := _numbers(row, start, end)) is not None and row[index]]
    fitting = sum(abs(len(row[index]) - (last - first)) <= 2 for row, (first, last) in places)
    return bool(places) and 10 * fitting >= 9 * len(places)


def _reach(rows: Sequence[Row], index: int, end: int) -> bool:
    """True if the cells of a column hold texts that the spans lie in; a blank one has that of a row before it."""
    filled = [row for row in rows if row[index]]
    ends = ((whole_number(row[end].strip()), len(row[index])) for row in filled)
    fitting = sum(last is None or last <= length for last, length in ends)
    return bool(filled) and 10 * fitting >= 9 * len(filled)


def _has_blanks(rows: Sequence[Row], index: int) -> bool:
    return any(" " in row[index].strip() for row in rows)


def _token_columns(
    names: Sequence[str], rows: Sequence[Row], options: ReadOptions, *, has_header: bool, name: str
) -> TokenColumns | None:
    """The columns of a table of tokens; None if it is none, but InputError if columns were asked for."""
    is_asked = options.token_column is not None or bool(options.label_columns)
    sentences: list[list[Row]] = [[]]
    for row in rows:
        if any(cell.strip() for cell in row):
            sentences[-1].append([cell.strip() for cell in row])
        elif sentences[-1]:
            sentences.append([])
    sentences = [sentence for sentence in sentences if sentence]
    if not sentences:
        return None
    blank = Layout(0, (), has_header=has_header)
    if not is_asked and not _may_be_tokens(names, rows):
        return None
    try:
        layout = layout_of_rows(blank, sentences, Sample((), names, has_header), options, name=name)
    except InputError:
        if is_asked:
            raise
        return None
    if not is_asked and not _holds_words(rows, layout.token):
        return None
    others = {layout.token, layout.sentence, *(column.index for column in layout.labels)}
    document = next(
        (
            index
            for wanted in ID_NAMES
            if wanted in names and wanted != "sentence-id" and (index := names.index(wanted)) not in others
        ),
        None,
    )
    if document is not None and _is_unique(rows, document):
        document = None
    return TokenColumns(layout, document)


def _may_be_tokens(names: Sequence[str], rows: Sequence[Row]) -> bool:
    """True if the header names tokens and tags, or a column holds tags with a prefix, or O beside few others."""
    if first_of(names, TOKEN_NAMES) is not None and first_of(names, LABEL_NAMES) is not None:
        return True
    for index in range(len(rows[0])):
        values = [row[index].strip() for row in rows if any(row)]
        column = find_column(values)
        if column is not None and column.entity_tokens and "O" in values:
            return True
    return False


def _holds_words(rows: Sequence[Row], index: int) -> bool:
    """True if nearly all cells of a column are short and without blanks, as tokens are."""
    cells = [row[index].strip() for row in rows if row[index].strip()]
    words = sum(len(cell) <= _SHORT and " " not in cell for cell in cells)
    return bool(cells) and 10 * words >= 9 * len(cells)


def _is_unique(rows: Sequence[Row], index: int) -> bool:
    values = [row[index] for row in rows if row[index].strip()]
    return len(set(values)) == len(values)


def _text_columns(
    plain: Sequence[str], rows: Sequence[Row], options: ReadOptions, *, name: str, names: Sequence[str]
) -> TextColumns:
    """The columns of a table of texts: as asked, by name, or the one of the longest cells. InputError if there is none."""
    width = len(names)
    if options.text_column is not None:
        text: int | None = _asked(options.text_column, plain, width, "--text-column")
    else:
        text = _text_index(plain, rows, width)
        if text is None and first_of(plain, _WORDS_NAMES) is None:
            raise InputError(
                f"{name} has no column of texts, and none of tokens and tags: {_shown(names, rows)}",
                hint="name the column with --text-column, or with --token-column and --label-column",
            )
    if options.id_column is not None:
        id: int | None = _asked(options.id_column, plain, width, "--id-column")
    else:
        ids = (plain.index(wanted) for wanted in ID_NAMES if wanted in plain)
        id = next((index for index in ids if index != text and _is_unique(rows, index)), None)
    title = first_of(plain, _TITLE_NAMES)
    return TextColumns(text, id, None if title == text else title)


def _asked(column: int | str, names: Sequence[str], width: int, option: str) -> int:
    """The index of a column that was asked for; InputError if there is none."""
    index = column_index(column, names, option)
    index = index if index >= 0 else width + index
    if not 0 <= index < width:
        raise InputError(f"{option} {column} is no column: there are {width}", hint="columns count from 1")
    return index


def _text_index(names: Sequence[str], rows: Sequence[Row], width: int) -> int | None:
    """The column of texts: one that is called so and holds anything, else the one with the longest cells."""
    for wanted in TEXT_NAMES:
        if wanted in names and any(row[names.index(wanted)].strip() for row in rows):
            return names.index(wanted)
    if not rows:
        return first_of(names, TEXT_NAMES)
    words = first_of(names, _WORDS_NAMES)
    if words is not None and all(row[words].lstrip().startswith("[") for row in rows if row[words].strip()):
        return None
    lengths = {index: sum(len(row[index]) for row in rows) / len(rows) for index in range(width)}
    longest = max(lengths, key=lambda index: lengths[index], default=None)
    if longest is None or lengths[longest] < _LONG or not any(" " in row[longest].strip() for row in rows):
        return None
    return longest


def _shown(names: Sequence[str], rows: Sequence[Row]) -> str:
    """The columns with what the first rows hold in them."""
    columns = []
    for index, name in enumerate(names[:_SHOWN]):
        values = [row[index] for row in rows[:2] if row[index].strip()]
        columns.append(f"{name} ({', '.join(value[:_SHORT] for value in values)})" if values else name)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return "; ".join(columns) + more


def _notes(
    columns: SpanColumns | TextColumns | TokenColumns, names: Sequence[str], has_header: bool
) -> Iterator[str]:
    """What a person is to know of how the table is read."""
    header = "the first row names the columns" if has_header else "the first row does not name the columns"
    match columns:
        case TextColumns(text, id):
            ids = f", ids from {names[id]}" if id is not None else ""
            what = (
                f"texts are taken from {names[text]}" if text is not None else "texts are made of the words"
            )
            yield f"{header}; {what}{ids}"
        case TokenColumns(layout, document):
            yield from layout.notes
            if document is not None:
                yield f"documents begin where {names[document]} changes"
        case SpanColumns() if set(OUR_COLUMNS) <= set(names):
            return
        case SpanColumns(text=int() as text, quote=quote):
            quoted = f", the words of spans from {names[quote]}" if quote is not None else ""
            yield f"{header}; it is a table of spans: texts are taken from {names[text]}{quoted}"
        case SpanColumns():
            yield f"{header}; it is a table of spans of documents that are known already"
