"""JSON as files hold it: strictly read, errors with their place, and written on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import Part, Problem, ReadOptions, Report, broken
from annotator.formats.sources import Source, decoded, lines
from annotator.formats.spacy_json import paragraph_rows, training_row

_LINE_PER_TEXT = 64
"""A line may be so many times longer than its text may be: a token costs about 60 characters of JSON."""


def numbered_rows(
    source: Source, options: ReadOptions, report: Report
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of JSON lines, or of a file that is one array or object, each with its place; blank lines are none.

    InputError names the file and line that hold no object, or they are left out and reported, as the options say.
    """
    if not _is_one_value(source):
        yield from _rows_of_lines(source, options, report)
        return
    for number, value in enumerate(_listed(whole(source, options), source.name), start=1):
        yield from _row_or_complaint(value, f"{source.name}: record {number}", options, report)


def _rows_of_lines(
    source: Source, options: ReadOptions, report: Report
) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in lines(source, options.encoding, size_limit=_LINE_PER_TEXT * options.size_limit):
        if not line.strip():
            continue
        place = f"{source.name}:{number}"
        try:
            value = parsed(line, place)
        except InputError as error:
            leave_out(error, place, "line", options, report)
            continue
        yield from _row_or_complaint(value, place, options, report)


def _row_or_complaint(
    value: Any, place: str, options: ReadOptions, report: Report
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The row of a value: an object as it is, a text in a row with its annotations as one; else a complaint."""
    match value:
        case {"paragraphs": [*_]}:
            try:
                for row in paragraph_rows(value, place):
                    yield place, row
            except InputError as error:
                leave_out(error, place, "document", options, report)
        case dict() if (records := _listed(value, place)) != [value]:
            for number, record in enumerate(records, start=1):
                yield from _row_or_complaint(record, f"{place}: record {number}", options, report)
        case dict():
            yield place, value
        case [str() as text, dict() as annotations]:
            yield place, training_row(text, annotations)
        case [str() as text, [*spans]]:
            yield place, {"text": text, "entities": spans}
        case [str() as text, None]:
            yield place, {"text": text}
        case None:
            report.add(Problem("", place, "null, where nobody has annotated a text"))
        case _:
            leave_out(broken(place, "a line must be a JSON object"), place, "line", options, report)


def _is_one_value(source: Source) -> bool:
    """True if a file is one array, or one object over several lines, rather than a value a line."""
    first, line_feed, rest = source.head().removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    first = first.rstrip()
    if first in (b"{", b"["):
        return True
    if first.startswith(b"["):
        # A line such as ["text", {"entities": []}] is a row of its own.
        return not re.match(rb'\[\s*"', first) or not line_feed or first.endswith(b",")
    is_open = first.startswith(b"{") and not first.endswith(b"}")
    return is_open and bool(line_feed) and not rest.lstrip().startswith(b"{")


def _listed(value: Any, name: str) -> list[Any]:
    """The records of one value: of an array, of the one key of an object that holds them, or the object itself."""
    if isinstance(value, list):
        match value:
            case [str(), dict() | list()]:  # one row of a text and its annotations
                return [value]
        return value
    if not isinstance(value, dict):
        raise broken(name, "is neither an array nor an object")
    if any(isinstance(value.get(key), str) for key in ("text", "content", "data")) or "tokens" in value:
        return [value]
    lists = [key for key, item in value.items() if isinstance(item, list) and any(map(_is_record, item))]
    return value[lists[0]] if len(lists) == 1 else [value]


def _is_record(value: Any) -> bool:
    match value:
        case {"text": str()} | {"content": str()} | {"tokens": [*_]} | {"paragraphs": [*_]}:
            return True
        case [str(), dict() | list()]:
            return True
    return False


def leave_out(error: InputError, place: str, what: str, options: ReadOptions, report: Report) -> None:
    """Report that a line or record, called `what`, is left out; raise its error where nothing broken is wanted."""
    if options.on_error == OnError.FAIL:
        raise error
    message = error.message.removeprefix(f"{place}: ")
    problem = Problem("", place, f"{message}; the {what} is left out", loses=Part.DOCUMENT, is_allowed=True)
    report.add(problem)


def whole(source: Source, options: ReadOptions) -> Any:
    """The one value that a file holds. InputError names the line where it is not JSON."""
    text = "".join(decoded(source, options.encoding))
    return parsed(text, source.name)


def parsed(text: str, place: str) -> Any:
    """A JSON value; InputError with the place if it is none, or holds a number that JSON has not."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        line = f":{error.lineno}" if error.lineno > 1 else ""
        raise broken(f"{place}{line}", f"not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:  # NaN; thousands of digits; thousands of brackets
        raise broken(place, f"JSON that cannot be read: {error}") from error


def encoded(value: Any) -> bytes:
    """A value as JSON on one line."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can hold
        return json.dumps(value).encode()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")
