"""`annotator import` and `annotator export`: documents and annotations in and out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import (
    AllowLossOption,
    EncodingOption,
    FormatOption,
    IdColumnOption,
    IdPrefixOption,
    JsonOption,
    KeepKeyOption,
    LabelColumnOption,
    LabelNameOption,
    LabelsOption,
    ModelOption,
    RestoreRemovedOption,
    SizeOption,
    SpanKeyOption,
    StoreOption,
    TextColumnOption,
    TextKeyOption,
    TokenColumnOption,
    columns,
    label_names,
    store_path,
)
from annotator.cli.output import LINE_PAUSE, confirm, is_terminal, print_message, show_passing
from annotator.cli.splitting import GroupOption, SeedOption, SplitByOption
from annotator.cli.transfer_options import OnOverlapOption
from annotator.cli.transfer_output import (
    Preview,
    exit_if_lost,
    lost_totals,
    print_report,
    say_problems,
    say_written,
)
from annotator.errors import InputError, OutputError, UsageError
from annotator.formats.choices import OnAlikeLabels, OnError, OnMisaligned, OnOverlap, SplitBy, Tags
from annotator.model.documents import SIZE_LIMIT
from annotator.throttle import Throttle

if TYPE_CHECKING:
    from annotator.formats.exchange import AnnotatedDocument


def import_files(
    files: Annotated[list[str], typer.Argument(help="Files or folders; - for a pipe.")],
    store: StoreOption = None,
    format: FormatOption = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator",
            "-n",
            help="Whose the spans are; by default the file's, else imported.",
            show_default=False,
        ),
    ] = None,
    labels: LabelsOption = None,
    add_labels: Annotated[
        bool,
        typer.Option(
            "--add-labels",
            help="Let the label set have all labels of the files; a new store's has only those, or --labels too.",
        ),
    ] = False,
    on_alike_labels: Annotated[
        OnAlikeLabels,
        typer.Option(
            "--on-alike-labels",
            help="A new label that differs from a known one in case or blanks alone: keep both, or merge them.",
        ),
    ] = OnAlikeLabels.ASK,
    on_overlap: OnOverlapOption = OnOverlap.FAIL,
    encoding: EncodingOption = "utf-8",
    group: Annotated[
        int, typer.Option("--group", min=0, help="CoNLL without -DOCSTART-: so many sentences to a document.")
    ] = 0,
    size_limit: SizeOption = SIZE_LIMIT,
    on_error: Annotated[
        OnError, typer.Option("--on-error", help="What to do about broken lines and spans.")
    ] = OnError.FAIL,
    id_prefix: IdPrefixOption = "",
    text_key: TextKeyOption = None,
    span_key: SpanKeyOption = None,
    keep_key: KeepKeyOption = None,
    label_name: LabelNameOption = None,
    token_column: TokenColumnOption = None,
    label_column: LabelColumnOption = None,
    text_column: TextColumnOption = None,
    id_column: IdColumnOption = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show the first documents as they would be read, and store nothing."),
    ] = False,
    restore_removed: RestoreRemovedOption = False,
    as_json: JsonOption = False,
) -> None:
    """Bring documents, and annotations if the files have any, into the store.

    Importing the same thing twice adds nothing twice. The exit code is 1 if a document, an answer, a span or a field of
    the files is not in the store afterwards, unless an option said so.

    With --dry-run spans stand in brackets with their label behind, undecided ones with a question mark; totals and exit code
    are those that the import would have.

    Example: annotator import gold.conll --store news --labels conll
    """
    from annotator.formats.exchange import ReadOptions, Report
    from annotator.settings import annotator_name, read_settings
    from annotator.store.repository import Store
    from annotator.workspace.transfer.importing import ImportRequest

    name = annotator_name(annotator, read_settings()) if annotator else None
    reading = Report()
    path = store_path(store)
    request = ImportRequest(
        labels=labels,
        format=format,
        options=ReadOptions(
            encoding=encoding,
            size_limit=size_limit,
            on_error=on_error,
            group=group,
            id_prefix=id_prefix,
            text_key=text_key,
            span_keys=tuple(span_key or ()),
            kept_keys=tuple(keep_key or ()),
            label_names=label_names(label_name),
            **columns(token_column, label_column, text_column, id_column),
        ),
        annotator=name,
        adds_labels=add_labels,
        are_one_label=_are_one_label(on_alike_labels),
        on_overlap=on_overlap,
        restores_removed=restore_removed,
    )
    preview = Preview(as_json=as_json)
    if dry_run:
        from annotator.workspace.transfer.rehearsal import rehearse_import

        report = rehearse_import(
            path, files, request, reading=reading, on_document=preview.show, progress=_counter()
        )
    else:
        prepared = request.prepared(path, files, reading)
        opened = prepared.store or Store.create(path, label_set=prepared.label_set)
        report = request.bring_in(prepared, opened, reading, progress=_counter())
        opened.close()
    where = (
        f"{path.absolute()}: nothing was stored; the import would bring" if dry_run else f"{path.absolute()}:"
    )
    if as_json:
        shown = {"is_dry_run": True, "shown": preview.documents} if dry_run else {}
        print_report({"store": str(path.absolute()), **report.as_json(), **shown}, reading)
        exit_if_lost(reading)
        return
    say_problems(reading.groups.values())
    for given, called in report.names.items():
        print_message(f"annotator {given!r} is called {called} here")
    for given, called in report.merged_labels.items():
        print_message(f"the label {given!r} is called {called} here")
    if report.new_labels:
        nests = "; its spans may nest, since some overlap" if report.is_nested_now else ""
        print_message(f"new in the label set: {', '.join(report.new_labels)}{nests}")
    print_message(", ".join([f"{where} {report.summary}", *lost_totals(reading)]))
    exit_if_lost(reading)


def export(
    target: Annotated[str, typer.Argument(help="The file or folder to write; - for a pipe.", metavar="OUT")],
    store: StoreOption = None,
    format: FormatOption = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator",
            "-n",
            help="Whose annotations; by default gold, else the only finished ones.",
            show_default=False,
        ),
    ] = None,
    takes_all: Annotated[
        bool, typer.Option("--all", help="Unfinished annotation sets too, not only finished ones.")
    ] = False,
    on_misaligned: Annotated[
        OnMisaligned, typer.Option("--on-misaligned", help="What to do about spans that are off the tokens.")
    ] = OnMisaligned.FAIL,
    on_overlap: OnOverlapOption = OnOverlap.FAIL,
    tags: Annotated[Tags, typer.Option("--tags", help="How CoNLL spells entities.")] = Tags.IOB2,
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            help="Write parts, train/dev/test such as 80/10/10, into files so called.",
            show_default=False,
        ),
    ] = None,
    seed: SeedOption = 0,
    split_by: SplitByOption = SplitBy.LABELS,
    group: GroupOption = None,
    model: ModelOption = None,
    into_source: Annotated[
        Path | None,
        typer.Option(
            "--into-source",
            help="Write the spans into copies of the HTML and Markdown that lie in this folder.",
            metavar="FOLDER",
            show_default=False,
        ),
    ] = None,
    allow_loss: AllowLossOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the annotations of the store: for spaCy, Prodigy, Hugging Face and others, by the file's name.

    Takes one set a document: the annotator's if one is named, else gold, else the only finished one.
    With --into-source, OUT is a new folder for copies of the pages that the documents came from, spans marked in them.
    With --split, gold.jsonl makes gold-train.jsonl and so on; a name without ending, and --format, a folder.

    Example: annotator export train.spacy --store news
    """
    from annotator.formats.articles.into_source import write_into_source
    from annotator.formats.exchange import Report, WriteOptions
    from annotator.formats.registry import PIPE, write, writer_for
    from annotator.settings import read_settings
    from annotator.workspace.transfer.exporting import selected, tokens_for

    if split is None and (group is not None or split_by is not SplitBy.LABELS):
        raise UsageError("--group and --split-by are about a split", hint="say which by --split 80/10/10")
    if into_source is not None and (split is not None or format is not None):
        raise UsageError(
            "--into-source writes the pages as they are, without --format and --split", hint="leave these out"
        )
    chosen = None if into_source is not None else writer_for(target, format=format)
    if as_json and target == PIPE:
        raise UsageError("--json and the export would both go to the pipe", hint="name a file to write")
    opened = opened_store(store_path(store))
    options = WriteOptions(
        on_misaligned=on_misaligned,
        on_overlap=on_overlap,
        nested=opened.info.label_set.nested or on_overlap is OnOverlap.NESTED,
        provenance=True,
        tags=tags,
        allows_loss=allow_loss,
    )
    report = Report()
    tokens = tokens_for(opened, model or read_settings().model)
    if split is not None:
        from annotator.cli.splitting import export_parts

        export_parts(
            opened,
            target,
            format=format,
            split=split,
            seed=seed,
            by=split_by,
            group=group,
            annotator=annotator,
            takes_all=takes_all,
            tokens=tokens,
            options=options,
            report=report,
            model=model or read_settings().model or opened.info.model,
            as_json=as_json,
        )
        return
    documents = _some(selected(opened, annotator=annotator, takes_all=takes_all), takes_all=takes_all)
    if into_source is not None:
        write_into_source(documents, Path(target), into_source, options=options, report=report)
    else:
        write(documents, target, format=format, tokens=tokens, options=options, report=report)
    if as_json:
        print_report({"target": target, "documents": report.documents, "spans": report.spans}, report)
    else:
        say_written(target, report, format=chosen.name if chosen is not None else "a page")
    exit_if_lost(report)


def _some(documents: Iterator[AnnotatedDocument], *, takes_all: bool) -> Iterator[AnnotatedDocument]:
    """The documents; OutputError if there are none, before anything is written over."""
    first = next(documents, None)
    if first is None:
        raise OutputError(
            "there is nothing to export: no annotation set "
            + ("has been begun" if takes_all else "is finished"),
            hint="annotate some first" if takes_all else "--all takes unfinished ones too",
        )
    return chain([first], documents)


def _are_one_label(policy: OnAlikeLabels) -> Callable[[str, str], bool]:
    """Decides whether two labels that look alike are one: as the option says, else a person is asked, on a terminal.

    The function raises InputError where there is nobody to ask.
    """

    def are_one(new: str, existing: str) -> bool:
        if policy is not OnAlikeLabels.ASK:
            return policy is OnAlikeLabels.MERGE
        if is_terminal(sys.stdin) and is_terminal(sys.stderr):
            return confirm(
                f"The label {new!r} is new, and {existing!r} is there: take {new!r} for {existing!r}?"
            )
        raise InputError(
            f"the label {new!r} is new, and differs from {existing!r} in case or blanks alone",
            hint="--on-alike-labels merge takes one for the other, keep has both",
        )

    return are_one


def _counter() -> Callable[[int], None] | None:
    """Says how many documents have come so far, a few times a second, on a terminal."""
    if not is_terminal(sys.stderr):
        return None
    throttle = Throttle(LINE_PAUSE, waits=True)

    def say(count: int) -> None:
        if throttle.allow():
            show_passing(f"{count:,} documents")

    return say
