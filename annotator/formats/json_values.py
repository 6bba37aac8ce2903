"""JSON as files hold it: strictly read, errors with their place, and written on one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import Part, Problem, ReadOptions, Report, broken
from annotator.formats.sources import Source, decoded, lines

_LINE_PER_TEXT = 64
"""A line may be so many times longer than its text may be: a token costs about 60 characters of JSON."""


def numbered_rows(
    source: Source, options: ReadOptions, report: Report
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of JSON lines, each with its place; blank lines are passed over.

    InputError names the file and line that hold no object, or they are left out and reported, as the options say.
    """
    for number, line in lines(source, options.encoding, size_limit=_LINE_PER_TEXT * options.size_limit):
        if not line.strip():
            continue
        place = f"{source.name}:{number}"
        try:
            row = parsed(line, place)
            if not isinstance(row, dict):
                raise broken(place, "a line must be a JSON object")
        except InputError as error:
            leave_out(error, place, "line", options, report)
            continue
        yield place, row


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
