"""How a format is found, and reading and writing by any of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from annotator.errors import InputError, OutputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import (
    AnnotatedDocument,
    Part,
    Problem,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
)
from annotator.formats.formats_table import FORMATS, Format
from annotator.formats.losses import LossCounter
from annotator.formats.overlaps import with_settled_overlaps
from annotator.formats.reading import was_read_in_part
from annotator.formats.sources import Source, file_source, folder_sources, standard_input
from annotator.formats.text import is_article
from annotator.formats.unique_ids import UniqueIds
from annotator.model.decisions import Status

PIPE = "-"
"""The path that means standard input or output."""
_OFTEN_IN_FOLDERS = (FORMATS["brat"], FORMATS["text"])
"""Formats of a file a document: all files of a folder are read by one of these, whatever they hold."""


def named(name: str) -> Format:
    """The format of that name; InputError that lists the names if there is none."""
    if name in FORMATS:
        return FORMATS[name]
    raise InputError(f"unknown format {name}", hint=f"the formats are {', '.join(sorted(FORMATS))}")


def reader_for(source: Source, *, format: str | None = None) -> Format:
    """The format to read a source by: the one named, else the one whose suffix and content fit.

    Content decides where no suffix fits, and where a file that ends in .txt holds something else than text.
    """
    if format is not None:
        return _readable(named(format))
    readable = [each for each in FORMATS.values() if each.read is not None]
    by_suffix = [each for each in readable if source.name.lower().endswith(each.suffixes + each.shared)]
    says_little = not by_suffix or FORMATS["text"] in by_suffix
    if len(by_suffix) == 1 and not says_little:
        return by_suffix[0]
    head = source.head()
    for each in readable if says_little else by_suffix:
        if each.name == "text" and not by_suffix and not is_article(source.name, head):
            break
        if each.sniff(head):
            return each
    for each in by_suffix:
        if source.name.lower().endswith(each.suffixes):
            return each
    raise InputError(
        f"{source.name} is in no known format",
        hint=f"name it with --format: {', '.join(each.name for each in readable)}; text reads it as one article",
    )


def writer_for(target: Path | str, *, format: str | None = None) -> Format:
    """The format to write a target by: the one named, else the one whose suffix the target has."""
    if format is not None:
        return _writable(named(format))
    writable = [each for each in FORMATS.values() if each.write is not None]
    for each in writable:
        if str(target).lower().endswith(each.suffixes):
            return each
    endings = ", ".join(suffix for each in writable for suffix in each.suffixes)
    what = "a pipe has no name that tells the format" if str(target) == PIPE else f"{target} names no format"
    raise OutputError(what, hint=f"end the name in one of {endings}, or name the format with --format")


def read(
    paths: Iterable[Path | str],
    *,
    format: str | None = None,
    options: ReadOptions | None = None,
    report: Report | None = None,
) -> Iterator[AnnotatedDocument]:
    """The annotated documents of files, folders and "-" for standard input, in that order, one at a time.

    A folder gives its files of the format named; if none is, brat's where it holds any, else those of the format that
    most of its files end as. `report` is filled while this runs.
    Documents of different texts never have one id: the later one is called by its file as well, and told.
    A document whose annotations were not read whole is not done, whatever its source says.
    Of several files, one that cannot be read is left out and told where errors are skipped, and the others come.
    InputError, EncodingError: before anything is yielded if a path or format is wrong, later if the content is.
    """
    wanted = named(format) if format is not None else None
    report = report if report is not None else Report()
    options = options or ReadOptions()
    sources: list[tuple[Source, Format | None]] = []
    for path in paths:
        if str(path) == PIPE:
            sources.append((standard_input(), wanted))
        elif os.path.isdir(path):  # noqa: PTH112 - which, unlike Path.is_dir, never raises
            sources += _in_folder(Path(path), wanted, report)
        else:
            sources.append((file_source(Path(path)), wanted))
    skips_files = options.on_error is OnError.SKIP and len(sources) > 1
    known: list[tuple[Source, Format]] = []
    for source, settled in sources:
        try:
            known.append((source, reader_for(source, format=settled.name if settled else None)))
        except InputError as error:
            if not skips_files:
                raise
            report.add(_unreadable(source, error))
    return _reading(known, options, report, skips_files=skips_files)


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | str,
    *,
    format: str | None = None,
    tokens: TokensOf | None = None,
    options: WriteOptions | None = None,
    report: Report | None = None,
) -> Report:
    """Write annotated documents to a file, or to standard output where `target` is "-"; their totals.

    `tokens` gives the tokens to write by; without it each document's own are taken. The file appears whole or not
    at all. OutputError if it cannot be written, or lists the spans that the format cannot hold.
    """
    chosen = writer_for(target, format=format)
    assert chosen.write is not None
    report = report if report is not None else Report()
    path = None if str(target) == PIPE else Path(target)
    options = options or WriteOptions()
    losses = LossCounter(chosen.holds, report, options)
    settled = with_settled_overlaps(documents, options.on_overlap, report)
    chosen.write(losses.counted(settled), path, tokens, options, report)
    return report


def _unreadable(source: Source, error: InputError) -> Problem:
    """What is told of a file that is left out, or from a place in it on."""
    name = str(source.path or source.name)
    message = error.message.removeprefix(name).removeprefix(source.name).lstrip(": ")
    hint = f"; {error.hint}" if error.hint and "--on-error" not in error.hint else ""
    return Problem("", name, f"{message}; the file is left out{hint}", Part.DOCUMENT, is_allowed=True)


def _in_folder(folder: Path, wanted: Format | None, report: Report) -> list[tuple[Source, Format | None]]:
    """The files of a folder, each with the format to read it by, or None where its content decides."""
    format = wanted or _format_of(folder, report)

    def leave_out(path: Path, reason: str) -> None:
        report.add(Problem("", str(path), reason, Part.DOCUMENT))

    sources = folder_sources(folder, _readable(format).suffixes + format.shared, on_left_out=leave_out)
    if format.is_in_pairs:
        sources = list({source.stem: source for source in sources}.values())
    is_settled = wanted is not None or format in _OFTEN_IN_FOLDERS
    return [(source, format if is_settled else None) for source in sources]


def _format_of(folder: Path, report: Report) -> Format:
    """brat's where a folder has any of its files, else the one that most of them end as.

    What ends otherwise is reported, but beside plain texts, which may lie anywhere. InputError if no ending is known.
    """
    readable = [each for each in FORMATS.values() if each.read is not None]
    endings = tuple(suffix for each in readable for suffix in each.suffixes)
    found = folder_sources(folder, endings, what="files of a known format")
    names = [source.name.lower() for source in found]
    counts = {each.name: sum(name.endswith(each.suffixes) for name in names) for each in readable}
    most = max(("text", *counts), key=counts.__getitem__)
    format = FORMATS["brat" if counts["brat"] else most]
    others = [name for name in names if not name.endswith(format.suffixes + format.shared)]
    if others and format not in _OFTEN_IN_FOLDERS:
        what = f"files that are not {format.name} and so are left out: {len(others)}, such as {others[0]}"
        report.add(Problem("", str(folder), f"{what}; name another format with --format", Part.DOCUMENT))
    return format


def _reading(
    sources: list[tuple[Source, Format]], options: ReadOptions, report: Report, *, skips_files: bool
) -> Iterator[AnnotatedDocument]:
    ids = UniqueIds(prefix=options.id_prefix)
    for source, format in sources:
        assert format.read is not None
        file = str(source.path or source.name)
        try:
            for item in format.read(source, options, report):
                annotated = ids.unique(item, file)
                report.took(annotated)
                if annotated.status is Status.DONE and was_read_in_part(annotated):
                    annotated = replace(annotated, status=Status.STARTED)
                yield annotated
        except InputError as error:
            if not skips_files:
                raise
            report.add(_unreadable(source, error))
        finally:
            source.close()


def _readable(format: Format) -> Format:
    if format.read is None:
        names = ", ".join(each.name for each in FORMATS.values() if each.read)
        raise InputError(f"{format.name} can be written, not read", hint=f"formats to read are {names}")
    return format


def _writable(format: Format) -> Format:
    if format.write is None:
        names = ", ".join(each.name for each in FORMATS.values() if each.write)
        raise OutputError(f"{format.name} can be read, not written", hint=f"formats to write are {names}")
    return format
