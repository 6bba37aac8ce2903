"""From files to another format without a store: which sets go through, and with which tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.errors import InputError, OutputError
from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report, WriteOptions
from annotator.formats.label_names import KnownLabels
from annotator.formats.losses import SEVERAL
from annotator.formats.overlaps import with_settled_overlaps
from annotator.formats.reading import was_read_in_part
from annotator.formats.registry import read, write, writer_for
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.tokens import Tokens


@dataclass(slots=True)
class Conversion:
    """What a conversion read, and wrote in `format`. `unfinished` and `others` count sets that were left out."""

    reading: Report
    writing: Report
    format: str
    unfinished: int = 0
    others: int = 0

    @property
    def problems(self) -> list[Problem]:
        """What was wrong on the way in and on the way out, as far as it was kept."""
        return [*self.reading.problems, *self.writing.problems]

    @property
    def problem_count(self) -> int:
        """How many problems there were."""
        return self.reading.problem_count + self.writing.problem_count


def convert(
    files: Sequence[Path | str],
    target: Path | str,
    *,
    source_format: str | None = None,
    format: str | None = None,
    annotator: str | None = None,
    takes_all: bool = False,
    label_set: LabelSet | None = None,
    tokens: Callable[[Document], Tokens],
    reading: ReadOptions,
    writing: WriteOptions,
) -> Conversion:
    """Write the finished sets of `files` to `target`, a document at a time; `takes_all` takes the others too.

    `label_set` gives labels their spelling, and allows no overlaps if it is flat.
    `tokens` is asked where the target's format needs tokens and the document has none. InputError if there is nothing
    to write. OutputError if a document has sets of several annotators, the format holds one, and `annotator` names
    none; else as `registry.read` and `registry.write`.
    """
    chosen = writer_for(target, format=format)
    done = Conversion(Report(), Report(), chosen.name)
    items = read(files, format=source_format, options=reading, report=done.reading)
    wanted = _wanted(items, done, annotator=annotator, takes_all=takes_all)
    if label_set is not None:
        wanted = _under_its_labels(wanted, KnownLabels.of(label_set.by_name))
        if not label_set.nested:
            wanted = with_settled_overlaps(wanted, writing.on_overlap, done.writing, is_flat=True)
    if SEVERAL not in chosen.holds:
        wanted = _one_each(wanted)
    first = next(wanted, None)
    if first is None:
        raise _nothing(done, annotator)
    write(
        _with(first, wanted),
        target,
        format=format,
        tokens=(lambda document: document.tokens or tokens(document)) if chosen.is_token_based else None,
        options=writing,
        report=done.writing,
    )
    return done


def _with(first: AnnotatedDocument, others: Iterator[AnnotatedDocument]) -> Iterator[AnnotatedDocument]:
    yield first
    yield from others


def _wanted(
    items: Iterable[AnnotatedDocument], done: Conversion, *, annotator: str | None, takes_all: bool
) -> Iterator[AnnotatedDocument]:
    for item in items:
        if annotator is not None and item.annotator != annotator:
            done.others += 1
        elif item.status is Status.DONE or takes_all or was_read_in_part(item):
            yield item
        else:
            done.unfinished += 1


def _under_its_labels(
    items: Iterable[AnnotatedDocument], known_labels: KnownLabels
) -> Iterator[AnnotatedDocument]:
    """The items, labels that a format spells otherwise called as the label set does."""
    for item in items:
        if all(span.label in known_labels.names for span in item.spans):
            yield item
        else:
            spans = tuple(replace(span, label=known_labels.name(span.label)) for span in item.spans)
            yield replace(item, spans=spans)


def _one_each(items: Iterable[AnnotatedDocument]) -> Iterator[AnnotatedDocument]:
    """The items; OutputError where a second set of a document comes."""
    seen: dict[str, str | None] = {}
    for item in items:
        document = item.document
        if document.id in seen:
            who = " and ".join(
                name or "somebody without a name" for name in (seen[document.id], item.annotator)
            )
            raise OutputError(
                f"there are several sets of “{document.title}” ({document.id}), by {who}",
                hint="choose one annotator with --annotator, or write jsonl or label-studio, which hold them all",
            )
        seen[document.id] = item.annotator
        yield item


def _nothing(done: Conversion, annotator: str | None) -> InputError:
    if done.unfinished:
        return InputError(
            f"there is nothing to write: none of {done.unfinished} annotation sets is finished",
            hint="--all takes unfinished ones too",
        )
    if done.others:
        return InputError(
            f"{annotator} has no set in these files", hint="is the name spelled as the files do?"
        )
    first = f": {done.reading.problems[0]}" if done.reading.problems else ""
    return InputError(f"there is nothing to write{first}", hint="give files that hold annotated documents")
