"""Which columns of a CoNLL file hold the tokens and their tags: named by the file, chosen by options, or found.

Found means: the tags are in the first column whose values are tags of entities, the tokens in the first column that
neither counts nor repeats an id. A column of phrases (B-NP, I-VP) is never taken for entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from annotator.errors import InputError
from annotator.formats.conll.lines import columns_of
from annotator.formats.exchange import ReadOptions
from annotator.formats.tag_styles import USUAL, Spelling, TagColumn, TagStyle, find_column, outside_mark

Row = list[str]

_SEPARATORS = ("|", ",", ";")
TOKEN_NAMES = ("token", "tokens", "word", "words", "form", "text", "wort", "mot")
LABEL_NAMES = (
    "ner", "ner-tag", "ner-tags", "ne-coarse-lit", "ne", "ne-tag", "named-entity", "entity", "entities", "label",
    "labels", "tag", "tags", "iob", "iob2", "bio", "bio-tag", "iob-tag", "bioes", "gold",
)  # fmt: skip
_MISC_NAMES = ("misc",)
_LINK_NAMES = ("nel-lit", "wikidata", "kb-id", "link", "nel")
_SENTENCE_NAMES = ("sentence-#", "sentence", "sentence-id", "sent-id", "sentence-no")
_HAS_WORD_AND_NUMBER = re.compile(r"[^\W\d].*\d")
_COUNT = re.compile(r"(\d{1,12})(?:[-.]\d+)?[.:]?")
_NUMERALS = frozenset({"CD", "NUM", "CARD", "_", "-", "m", "Z"})
"""What tag sets call a numeral: a column of these behind one of numbers tells that the numbers are the words."""
_EMPTY = frozenset({"", "_", "-", "O", "*"})
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """A column of tags: where it is, in which style, and where the labels are if its tags have none."""

    index: int
    style: TagStyle
    type_index: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns hold what, counted from 0 or, when negative, from the end.

    `separator` parts the columns; None means tabs where a line has any, else spaces. `width` is how many there are,
    None where that varies. `unread_labels` hold entities too, but are not those that are taken; `notes` tell a person
    what was found.
    """

    token: int
    labels: tuple[LabelColumn, ...]
    separator: str | None = None
    width: int | None = None
    unread_labels: tuple[LabelColumn, ...] = ()
    link: int | None = None
    misc: int | None = None
    sentence: int | None = None
    has_header: bool = False
    is_sentence_a_line: bool = False
    may_lack_tag: bool = False
    notes: tuple[str, ...] = ()

    def rows(self, line: str) -> list[Row]:
        """The rows of a line: one, or where a line is a sentence, one a token."""
        if self.is_sentence_a_line:
            return [item.split(self.separator) for item in line.split()]
        return [columns_of(line, self.separator)]

    def value(self, row: Row, index: int) -> str | None:
        """What a row holds in a column; None if it has no such column, or that is the token's."""
        place = index if index >= 0 else len(row) + index
        if not 0 <= place < len(row) or (place == self.token and index < 0):
            return None
        return row[place]


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file as lines, sentence by sentence, and the names that it gives its columns."""

    sentences: Sequence[Sequence[str]]
    names: Sequence[str] = ()
    has_header: bool = False


def header_names(columns: Sequence[str]) -> list[str] | None:
    """The names of the columns if a line is a header: one of them names the token and one the tag."""
    names = [plain_name(column) for column in columns]
    if first_of(names, TOKEN_NAMES) is None or first_of(names, LABEL_NAMES) is None:
        return None
    return names


def find_layout(sample: Sample, options: ReadOptions, *, name: str) -> Layout:
    """The layout of the file called `name`; InputError if no column holds tags, or none is as the options say."""
    if not sample.sentences:
        return Layout(0, (LabelColumn(-1, USUAL),))
    separator, is_sentence_a_line = _separator(line for lines in sample.sentences for line in lines)
    blank = Layout(
        0, (), separator=separator, is_sentence_a_line=is_sentence_a_line, has_header=sample.has_header
    )
    sentences = [[row for line in lines for row in blank.rows(line)] for lines in sample.sentences]
    return layout_of_rows(blank, sentences, sample, options, name=name)


def layout_of_rows(
    blank: Layout, sentences: Sequence[Sequence[Row]], sample: Sample, options: ReadOptions, *, name: str
) -> Layout:
    """The layout of rows that are cut into columns already, sentence by sentence; `sample` names the columns."""
    rows = [row for sentence in sentences for row in sentence]
    width = _usual_width(rows)
    is_even = all(len(row) == width for row in rows)
    chosen = [column_index(value, sample.names, "--label-column") for value in options.label_columns]
    token = _token(sentences, sample, options, width)
    layout = replace(blank, token=token, width=width if is_even else None)
    if chosen:
        labels = tuple(LabelColumn(index, _style_at(layout, rows, index)) for index in chosen)
        return replace(_with_extras(replace(layout, labels=labels), sample, rows, width), notes=())
    if token == 0 and options.token_column is None and _is_tag_first(layout, rows, width):
        layout = replace(layout, token=1)
    return _with_extras(_with_labels(layout, sample, rows, width, name), sample, rows, width)


def _separator(lines: Iterable[str]) -> tuple[str | None, bool]:
    """What parts the columns of all lines, and whether a line is a sentence of token|tag."""
    texts = [line.strip(" ") for line in lines]
    if any("\t" in line for line in texts) or not texts:
        return None, False
    if all(len({item.count("|") for item in line.split()}) == 1 and "|" in line.split()[0] for line in texts):
        is_sentence = any(" " in line for line in texts)
        return "|", is_sentence
    if any(" " in line for line in texts):
        return None, False
    for separator in _SEPARATORS:
        if len({line.count(separator) for line in texts}) == 1 and separator in texts[0]:
            return separator, False
    return None, False


def _usual_width(rows: Sequence[Row]) -> int:
    widths = [len(row) for row in rows]
    return max(set(widths), key=lambda width: (widths.count(width), width), default=0)


def _token(sentences: Sequence[Sequence[Row]], sample: Sample, options: ReadOptions, width: int) -> int:
    if options.token_column is not None:
        return column_index(options.token_column, sample.names, "--token-column")
    named = first_of(sample.names, TOKEN_NAMES)
    if named is not None:
        return named
    regular = [[row for row in sentence if len(row) == width] for sentence in sentences]
    regular = [sentence for sentence in regular if sentence]
    for index in range(width - 2):
        if _counts(regular, index) and not _are_numerals(regular, index):
            return index + 1
        if not all(len({row[index] for row in sentence}) == 1 for sentence in regular):
            break
    rows = [row for sentence in regular for row in sentence]
    is_named = width > 2 and _names_sentences(rows, 0) and find_column([row[1] for row in rows]) is None
    return 1 if is_named else 0


def _sentence(layout: Layout, rows: Sequence[Row]) -> int | None:
    """The column before the tokens that names the sentence; None if it does not."""
    if layout.token != 1 or any(len(row) < 2 for row in rows) or not _names_sentences(rows, 0):
        return None
    return 0


def _names_sentences(rows: Sequence[Row], index: int) -> bool:
    """True if a column holds the name of a sentence or document, at each of its tokens or at the first one only.

    Such names have a number, and each stands in one run of rows; most runs are longer than a row.
    """
    values = [row[index] for row in rows if row[index]]
    runs = [value for value, _ in groupby(values)]
    return (
        len(runs) == len(set(runs))
        and 2 * len(runs) <= len(rows)
        and all(_HAS_WORD_AND_NUMBER.search(value) for value in runs)
    )


def _counts(sentences: Sequence[Sequence[Row]], index: int) -> bool:
    """True if a column numbers the tokens: from 0 or 1 at the file's beginning, by one from row to row."""
    if not sentences:
        return False
    steps = set()
    for sentence in sentences:
        matches = [_COUNT.fullmatch(row[index]) for row in sentence]
        numbers = [int(match[1]) for match in matches if match]
        if len(numbers) != len(sentence) or (sentence is sentences[0] and numbers[0] > 1):
            return False
        steps |= {after - before for before, after in pairwise(numbers)}
    return steps <= {0, 1} and (1 in steps or all(len(sentence) == 1 for sentence in sentences))


def _are_numerals(sentences: Sequence[Sequence[Row]], index: int) -> bool:
    return all(row[index + 1] in _NUMERALS for sentence in sentences for row in sentence)


def _values(layout: Layout, rows: Sequence[Row], index: int) -> list[str]:
    return [layout.value(row, index) or "" for row in rows]


def _style_at(layout: Layout, rows: Sequence[Row], index: int) -> TagStyle:
    """The style of a column that a person chose: bare labels where nothing else fits."""
    values = _values(layout, rows, index)
    column = find_column(values)
    return column.style if column is not None else TagStyle(Spelling.BARE, outside_mark(values))


def _is_tag_first(layout: Layout, rows: Sequence[Row], width: int) -> bool:
    """True if the tag stands before the token, as in MIT's corpora of films and restaurants."""
    if width < 2 or layout.width is None:
        return False
    first, *others = (find_column([row[index] for row in rows]) for index in range(width))
    return (
        first is not None
        and first.style.spelling is Spelling.PREFIX
        and first.entity_tokens > 0
        and all(first.style.split(row[0]) is not None for row in rows)
        and not any(other is not None and other.style.spelling is Spelling.PREFIX for other in others)
    )


def _with_labels(layout: Layout, sample: Sample, rows: Sequence[Row], width: int, name: str) -> Layout:
    columns = _tag_columns(layout, rows, width)
    entities = {
        index: column
        for index, column in columns.items()
        if not column.holds_phrases and column.entity_tokens and column.style.spelling is not Spelling.BARE
    }
    bare = {
        index: column
        for index, column in columns.items()
        if not column.holds_phrases and column.style.spelling is Spelling.BARE
    }
    outside = {index: column for index, column in columns.items() if not column.entity_tokens}
    phrases = {index: column for index, column in columns.items() if column.holds_phrases}
    named = next((index for index in _all_of(sample.names, LABEL_NAMES) if index in columns), None)
    if named is not None:
        index = named
    elif entities:
        index = next(iter(entities))
    elif bare:
        index = list(bare)[-1]
    elif outside:
        index = next(iter(outside))
    elif phrases and width == 2:
        index = next(iter(phrases))
    else:
        raise _no_tags(layout, rows, phrases, width, name)
    label = LabelColumn(index, columns[index].style, _type_index(layout, rows, columns[index], index, width))
    others = tuple(
        LabelColumn(other, column.style)
        for other, column in entities.items()
        if other != index and other != label.type_index
    )
    return replace(layout, labels=(label,), unread_labels=others)


def _tag_columns(layout: Layout, rows: Sequence[Row], width: int) -> dict[int, TagColumn]:
    """The columns that hold tags. Where rows vary in width, the last column of each is tried first."""
    if layout.width is None:
        last = find_column(values := _values(layout, rows, -1))
        if last is not None and all(last.style.split(value) is not None for value in values):
            return {-1: last}
    found = {}
    for index in range(width if layout.width is not None else max(map(len, rows), default=0)):
        if index == layout.token:
            continue
        values = _values(layout, rows, index)
        column = find_column(values)
        if column is not None:
            found[index] = column
    return found


def _type_index(layout: Layout, rows: Sequence[Row], column: TagColumn, index: int, width: int) -> int | None:
    """Where the labels are if the tags are B, I and O alone: the column that is filled where these are not O."""
    if column.style.spelling is not Spelling.UNLABELLED or layout.width is None:
        return None
    for other in range(width):
        if other in (index, layout.token):
            continue
        filled = [row[other] not in ("", "O", "_", "-") for row in rows]
        inside = [row[index] != column.style.outside for row in rows]
        if filled == inside and len({row[other] for row in rows}) <= max(_SHOWN, len(rows) // 2):
            return other
    return None


def _with_extras(layout: Layout, sample: Sample, rows: Sequence[Row], width: int) -> Layout:
    """The layout with links, sentences and flags where the file has them, and what a person is to know of it."""
    link = first_of(sample.names, _LINK_NAMES)
    label = layout.labels[0]
    if link is None and label.style.spelling is Spelling.UNLABELLED and label.style.outside == "":
        link = label.index + 2  # AIDA: token, B or I, the whole mention, what it is linked to
    layout = replace(
        layout,
        link=link,
        misc=first_of(sample.names, _MISC_NAMES),
        sentence=first_of(sample.names, _SENTENCE_NAMES) if sample.names else _sentence(layout, rows),
        may_lack_tag=any(column.style.outside == "" for column in layout.labels),
    )
    return replace(layout, notes=tuple(_notes(layout, sample, rows, width)))


def _notes(layout: Layout, sample: Sample, rows: Sequence[Row], width: int) -> Iterable[str]:
    if sample.has_header:
        yield f"the first line names the columns: {', '.join(sample.names)}"
    label = layout.labels[0]
    if layout.token != 0 or label.index not in (-1, width - 1):
        taken = ", ".join(_ordinal(column.index) for column in layout.labels)
        yield f"tokens are taken from {_ordinal(layout.token)}, tags from {taken}"
    if label.style.spelling is Spelling.BARE:
        yield "the tags have no prefix such as B-, so neighbours of one label are one entity"
    elif label.style.spelling is Spelling.UNLABELLED and label.type_index is None:
        yield "the tags are B, I and O without a label; the entities get the label ENTITY"
    elif label.style.spelling is Spelling.PREFIX and not label.style.is_usual:
        yield f"the tags are spelled as {_example(layout, rows, label)}"
    if label.style.outside != "O":
        mark = repr(label.style.outside) if label.style.outside else "a missing tag"
        yield f"tokens outside of entities are marked by {mark}, not O"
    read = {layout.token, layout.link, layout.misc, layout.sentence}
    read |= {index % width for column in (*layout.labels, *layout.unread_labels) for index in (column.index,)}
    read |= {column.type_index for column in layout.labels}
    unread = [index for index in range(layout.token + 1, width) if index not in read and _says(rows, index)]
    if unread:
        shown = ", ".join(_described(index, rows) for index in unread[:_SHOWN])
        more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
        yield f"columns that are not read: {shown}{more}"


def _says(rows: Sequence[Row], index: int) -> bool:
    """True if a column holds more than what fills up empty ones."""
    return any(len(row) > index and row[index] not in _EMPTY for row in rows)


def _no_tags(
    layout: Layout, rows: Sequence[Row], phrases: dict[int, TagColumn], width: int, name: str
) -> InputError:
    if phrases:
        index, column = next(iter(phrases.items()))
        labels = ", ".join(sorted(column.labels)[:_SHOWN])
        return InputError(
            f"{name} has no column of entities: {_ordinal(index)} holds phrases ({labels})",
            hint=f"--label-column {index + 1} takes the phrases all the same",
        )
    if width < 2:
        shown = repr(rows[0][0]) if rows and rows[0] else "nothing"
        return InputError(
            f"{name} has no tags: its lines have one column, such as {shown}",
            hint="each line must be a token and its tag; read it as --format text if it is text",
        )
    holds = "; ".join(_described(index, rows) for index in range(width) if index != layout.token)
    return InputError(
        f"{name} has no column of tags such as O, B-PER or I-PER: {holds}",
        hint="name the columns with --token-column and --label-column, or another format with --format",
    )


def _described(index: int, rows: Sequence[Row]) -> str:
    values = list(dict.fromkeys(row[index] for row in rows[:1000] if len(row) > index and row[index]))
    more = ", …" if len(values) > _SHOWN else ""
    return f"column {index + 1} ({', '.join(values[:_SHOWN])}{more})"


def _example(layout: Layout, rows: Sequence[Row], label: LabelColumn) -> str:
    for value in _values(layout, rows, label.index):
        parts = label.style.split(value)
        if parts is not None and parts[1]:
            return f"{value} for {parts[0]}-{parts[1]}"
    return "usual"


def _ordinal(index: int) -> str:
    return f"column {index + 1}" if index >= 0 else "the last column"


def column_index(column: int | str, names: Sequence[str], option: str) -> int:
    """A column given by number or by name as an index. InputError if no column is called so."""
    if isinstance(column, int):
        return column
    if plain_name(column) in names:
        return names.index(plain_name(column))
    there = f"the file names {', '.join(names)}" if names else "the file does not name its columns"
    raise InputError(f"there is no column {column}: {there}", hint=f"give {option} a number, counted from 1")


def plain_name(name: str) -> str:
    """A column's name as names are compared: in lower case, with hyphens for blanks and low lines."""
    return re.sub(r"[\s_]+", "-", name.strip().lstrip("\ufeff#").strip().casefold())


def first_of(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Which column has the first of the wanted names that any has; None if none has one."""
    return next(iter(_all_of(names, wanted)), None)


def _all_of(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    return [names.index(name) for name in wanted if name in names]
