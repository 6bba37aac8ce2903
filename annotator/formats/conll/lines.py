"""The lines of a CoNLL file: cut into columns, and told apart into documents' beginnings, comments and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.formats.exchange import ReadOptions
from annotator.formats.sources import Source, lines

DOCUMENT = "-DOCSTART-"
BYTE_ORDER_MARK = "\ufeff"

_NO_ID = frozenset({"-X-", "-x-", "O", "o", "_", "-", "", "X", "NN", "B-NP", "I-NP", "NP"})
"""What fills up the columns of a line that begins a document."""
_BEGINNING = re.compile(
    r"#\s*begin document\s*\(?(?P<name>.*?)\)?(?:;\s*part\s*(?P<part>\d+))?\s*;?\s*", re.I
)
_ENDING = re.compile(r"#\s*end document\b.*", re.I)
_DOCUMENT_ID = re.compile(
    r"#\s*(?:newdoc(?:\s+id)?|(?:[\w.-]+:)?doc(?:ument)?[_ -]?id)\s*(?:[=:]\s*(?P<id>\S.*?)?)?\s*", re.I
)
_SENTENCE_ID = re.compile(r"#\s*(?:sent(?:ence)?_?id|id)\s*[=:]?\s*(?P<id>[^\s=]+)(?:\s.*)?", re.I)
_COMMENT = re.compile(
    r"%+\s|#(?:\s|$|#|begin document|end document|[^\s=]+\s*=|(?:id|(?:sent(?:ence)?|doc|par)_?(?:id)?|text|source|url|"
    r"file|title|author|date|domain|lang|comment)(?:\s|:))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A line that begins a document, and the id that it gives."""

    id: str | None = None


def numbered_lines(source: Source, options: ReadOptions) -> Iterator[tuple[int, str, bool]]:
    """The lines with their numbers, and whether a byte order mark stood at the beginning of one behind the first.

    Files joined end to end keep the mark of each part; where the part before had no last line feed, the mark stands
    within a line, and the line is cut there.
    """
    for number, line in lines(source, options.encoding, size_limit=options.size_limit):
        if BYTE_ORDER_MARK not in line:
            yield number, line, False
            continue
        before, _, rest = line.partition(BYTE_ORDER_MARK)
        is_within_token = len(before.split()) == 1 and not document_beginning(before)
        if is_within_token or rest.lstrip(BYTE_ORDER_MARK)[:1] in ("\t", " "):
            yield number, line, False
            continue
        if before.strip():
            yield number, before, False
        yield number, rest.lstrip(BYTE_ORDER_MARK), True


def columns_of(line: str, separator: str | None = None) -> list[str]:
    """The columns of a line: parted by `separator`, else by tabs where it has any, else by spaces."""
    if separator is not None:
        return [column.strip(" ") for column in line.strip(" ").split(separator)]
    line = line.rstrip("\t ")
    if "\t" in line:
        return [column.strip(" ") for column in line.split("\t")]
    return [column for column in line.split(" ") if column]


def document_beginning(line: str) -> Beginning | None:
    """The document that a line of its own begins: -DOCSTART- (1 EU), #begin document (a); part 000, # newdoc id = a."""
    if line.startswith("-") and line[: len(DOCUMENT)].upper() == DOCUMENT:
        return _docstart(line[len(DOCUMENT) :].strip())
    if not line.startswith("#"):
        return None
    if match := _BEGINNING.fullmatch(line):
        name = match["name"].strip()
        return Beginning(f"{name}/part_{match['part']}" if name and match["part"] else name or None)
    if match := _DOCUMENT_ID.fullmatch(line):
        return Beginning(match["id"])
    return None


def _docstart(rest: str) -> Beginning:
    if rest.startswith("(") and ")" in rest:
        return Beginning(rest[1 : rest.rindex(")")].strip() or None)
    others = [column for column in re.split(r"[|\s]+", rest) if column not in _NO_ID]
    return Beginning(others[0] if len(others) == 1 else None)


def looks_like_comment(line: str) -> bool:
    """True of a line that is a comment where it is no row: "# ", "##", "% ", "#key=" or "#id " at its beginning."""
    return line.startswith(("#", "%")) and _COMMENT.match(line) is not None


def sentence_id(line: str) -> str | None:
    """The id of the sentence that a comment names: # id 5f4c, # sent_id = 5f4c."""
    match = _SENTENCE_ID.fullmatch(line)
    return match["id"] if match else None


def is_document_ending(line: str) -> bool:
    """True of CoNLL-2012's line behind a document."""
    return _ENDING.fullmatch(line) is not None
