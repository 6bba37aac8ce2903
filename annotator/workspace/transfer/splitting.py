"""Exports in parts: which documents of a store go into which, and the files that they make."""

from __future__ import annotations

import json
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError, OutputError, UsageError
from annotator.formats.choices import SplitBy
from annotator.formats.exchange import AnnotatedDocument, Report, TokensOf, WriteOptions
from annotator.formats.folder_writer import new_folder
from annotator.formats.formats_table import Format
from annotator.formats.registry import PIPE, write, writer_for
from annotator.formats.splits import PartTotals, Separation, SplitItem, split, totals
from annotator.formats.targets import unwritable
from annotator.model.documents import Document
from annotator.store.repository import Store
from annotator.workspace.transfer.exporting import selected

CONFIG = "config.cfg"
"""The file beside a DocBin's parts by which spaCy trains on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPlan:
    """Which documents of a store go into which part. `alone` are those without the field that groups them."""

    items: tuple[SplitItem, ...]
    parts: Mapping[str, str]
    totals: tuple[PartTotals, ...]
    annotator: str | None
    takes_all: bool
    alone: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The parts that there are."""
        return tuple(part_total.part for part_total in self.totals)

    def ids(self, part: str) -> frozenset[str]:
        """The documents of a part."""
        return frozenset(id for id, own in self.parts.items() if own == part)


def plan_split(
    store: Store,
    *,
    annotator: str | None = None,
    takes_all: bool = False,
    ratios: Mapping[str, float],
    seed: int = 0,
    by: SplitBy = SplitBy.LABELS,
    group: str | None = None,
) -> SplitPlan:
    """Share out what `selected` gives; documents with the same value of the metadata field `group` stay together.

    InputError if there is too little for the parts, or no document has that field; else as `selected`.
    """
    items: list[SplitItem] = []
    fields: set[str] = set()
    for annotated in selected(store, annotator=annotator, takes_all=takes_all):
        document = annotated.document
        fields.update(map(str, document.meta))
        labels = Counter(span.label for span in annotated.spans)
        items.append(SplitItem(document.id, document.sha256, labels, _group_of(document, group)))
    alone = sum(item.group is None for item in items) if group is not None else 0
    if items and alone == len(items):
        names = ", ".join(sorted(fields))
        raise InputError(
            f"no document has the metadata field {group}",
            hint=f"the fields here are {names}" if names else "these documents have no metadata",
        )
    if not items:
        raise OutputError(
            f"there is nothing to split: no annotation set {'has been begun' if takes_all else 'is finished'}",
            hint="annotate some first" if takes_all else "--all takes unfinished ones too",
        )
    parts = split(items, ratios, seed=seed, by=by)
    return SplitPlan(
        items=tuple(items),
        parts=parts,
        totals=tuple(totals(items, parts, ratios)),
        annotator=annotator,
        takes_all=takes_all,
        alone=alone,
    )


def _group_of(document: Document, group: str | None) -> str | None:
    value = document.meta.get(group) if group is not None else None
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, sort_keys=True)


def in_folder(target: str, format: Format) -> bool:
    """True if the parts are files of a folder called `target`, False if their names begin as `target` does."""
    return not target.lower().endswith(format.suffixes)


def write_parts(
    store: Store,
    plan: SplitPlan,
    target: str,
    *,
    format: str | None = None,
    tokens: TokensOf,
    options: WriteOptions,
    report: Report,
    beside: Callable[[Path, Path], None] | None = None,
    on_document: Callable[[AnnotatedDocument], None] | None = None,
) -> dict[str, Path]:
    """Write each part: `gold.jsonl` makes `gold-train.jsonl` and so on, a name without ending a folder of parts.

    The files by part. All of them appear, or none does; a folder must be new or empty. In a folder, `beside` may
    write more: it is given the folder as it is being filled, and as it will be called. `on_document` is told each
    document before its tokens are wanted. UsageError for a pipe;
    OutputError as `registry.write`, and if a document or text turns up in two parts.
    """
    if target == PIPE:
        raise UsageError(
            "a split has several parts, and a pipe takes one file", hint="name a file or a folder"
        )
    chosen = writer_for(target, format=format)
    separation = Separation()

    def put(part: str, path: Path) -> None:
        documents = _watched(store, plan, part, separation, on_document)
        write(documents, path, format=chosen.name, tokens=tokens, options=options, report=report)

    if in_folder(target, chosen):
        suffix = "" if chosen.is_file_each else chosen.suffixes[0]
        with new_folder(Path(target)) as folder:
            for part in plan.names:
                put(part, folder / f"{part}{suffix}")
            if beside is not None:
                beside(folder, Path(target).resolve())
        return {part: Path(target) / f"{part}{suffix}" for part in plan.names}
    suffix = max((ending for ending in chosen.suffixes if target.lower().endswith(ending)), key=len)
    stem = target[: -len(suffix)]
    paths = {part: Path(f"{stem}-{part}{target[-len(suffix) :]}") for part in plan.names}
    with _files_beside(Path(target)) as folder:
        for part, path in paths.items():
            put(part, folder / path.name)
        for path in paths.values():
            (folder / path.name).replace(path)
    return paths


def _watched(
    store: Store,
    plan: SplitPlan,
    part: str,
    separation: Separation,
    on_document: Callable[[AnnotatedDocument], None] | None,
) -> Iterator[AnnotatedDocument]:
    """The documents of a part, of each of which it is made sure that no other part has it."""
    chosen = selected(store, annotator=plan.annotator, takes_all=plan.takes_all, only=plan.ids(part))
    for annotated in chosen:
        separation.check(part, id=annotated.document.id, sha256=annotated.document.sha256)
        if on_document is not None:
            on_document(annotated)
        yield annotated


@contextmanager
def _files_beside(target: Path) -> Iterator[Path]:
    """A folder on the target's disk, gone at the end, from which files are moved to their places at once."""
    folder = target.resolve().with_name(f".annotator-{secrets.token_hex(4)}.part")
    try:
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise unwritable(str(target), error) from error
