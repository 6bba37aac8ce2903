"""`annotator convert`: from one format to another, without a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.options import (
    AllowLossOption,
    EncodingOption,
    IdColumnOption,
    IdPrefixOption,
    JsonOption,
    KeepKeyOption,
    LabelColumnOption,
    LabelNameOption,
    ModelOption,
    SizeOption,
    SpanKeyOption,
    TextColumnOption,
    TextKeyOption,
    TokenColumnOption,
    columns,
    label_names,
)
from annotator.cli.output import print_lines, print_message
from annotator.cli.transfer_options import OnOverlapOption
from annotator.cli.transfer_output import (
    exit_if_lost,
    lost_totals,
    print_report,
    say_losses,
    say_problems,
    say_verdict,
    written_totals,
)
from annotator.errors import UsageError
from annotator.formats.choices import OnError, OnMisaligned, OnOverlap, Tags
from annotator.model.documents import SIZE_LIMIT

if TYPE_CHECKING:
    from annotator.formats.exchange import ReadOptions
    from annotator.model.documents import Document
    from annotator.model.tokens import Tokens


def convert(
    files: Annotated[
        list[str], typer.Argument(help="Files or folders to read; - for a pipe.", metavar="IN...")
    ],
    target: Annotated[str, typer.Argument(help="What to write; - for a pipe.", metavar="OUT")],
    source_format: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="The format of what is read; by default found from name or content.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--to",
            "--format",
            "-f",
            help="The format to write; by default found from the name.",
            show_default=False,
        ),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator",
            "-n",
            help="Only this annotator's sets, as the files name them.",
            show_default=False,
        ),
    ] = None,
    takes_all: Annotated[
        bool, typer.Option("--all", help="Unfinished annotation sets too, not only finished ones.")
    ] = False,
    labels: Annotated[
        str | None,
        typer.Option("--labels", "-l", help="A label set; any other label is an error.", show_default=False),
    ] = None,
    on_error: Annotated[
        OnError, typer.Option("--on-error", help="What to do about broken lines and spans.")
    ] = OnError.FAIL,
    on_misaligned: Annotated[
        OnMisaligned, typer.Option("--on-misaligned", help="What to do about spans that are off the tokens.")
    ] = OnMisaligned.FAIL,
    on_overlap: OnOverlapOption = OnOverlap.FAIL,
    tags: Annotated[Tags, typer.Option("--tags", help="How CoNLL spells entities.")] = Tags.IOB2,
    group: Annotated[
        int, typer.Option("--group", min=0, help="CoNLL without -DOCSTART-: so many sentences to a document.")
    ] = 0,
    encoding: EncodingOption = "utf-8",
    size_limit: SizeOption = SIZE_LIMIT,
    model: ModelOption = None,
    id_prefix: IdPrefixOption = "",
    text_key: TextKeyOption = None,
    span_key: SpanKeyOption = None,
    keep_key: KeepKeyOption = None,
    label_name: LabelNameOption = None,
    token_column: TokenColumnOption = None,
    label_column: LabelColumnOption = None,
    text_column: TextColumnOption = None,
    id_column: IdColumnOption = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Write nothing: say whether IN and OUT hold the same annotations, and what differs.",
        ),
    ] = False,
    allow_loss: AllowLossOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write files of one format in another, without a store.

    Takes finished annotation sets, one a document unless the format holds several annotators. The exit code is 1 if a
    document, an answer, a span or a field of the files is not in the output afterwards, unless an option said so.

    With --check both are read. The exit code is 0 if they hold the same annotations, white space in texts apart, else 1.

    Example: annotator convert gold.conll gold.jsonl
    Example: annotator convert --check gold.conll gold.jsonl
    """
    from annotator.formats.exchange import ReadOptions, WriteOptions
    from annotator.formats.label_names import KnownLabels
    from annotator.formats.registry import PIPE
    from annotator.model.resources import load_label_set
    from annotator.workspace.transfer.converting import convert as turn

    if as_json and target == PIPE and not check:
        raise UsageError("--json and the output would both go to the pipe", hint="name a file to write")
    label_set = load_label_set(labels) if labels else None
    reading = ReadOptions(
        encoding=encoding,
        size_limit=size_limit,
        on_error=on_error,
        group=group,
        labels=KnownLabels.of(label_set.by_name) if label_set else None,
        every_set=True,
        id_prefix=id_prefix,
        text_key=text_key,
        span_keys=tuple(span_key or ()),
        kept_keys=tuple(keep_key or ()),
        label_names=label_names(label_name),
        **columns(token_column, label_column, text_column, id_column),
    )
    if check:
        _check(files, target, formats=(source_format, format), options=reading, as_json=as_json)
        return
    done = turn(
        files,
        target,
        source_format=source_format,
        format=format,
        annotator=annotator,
        takes_all=takes_all,
        label_set=label_set,
        tokens=_tokens_by(model),
        reading=reading,
        writing=WriteOptions(
            on_misaligned=on_misaligned,
            on_overlap=on_overlap,
            nested=True if on_overlap is OnOverlap.NESTED else label_set.nested if label_set else None,
            provenance=True,
            tags=tags,
            allows_loss=allow_loss,
        ),
    )
    reports = (done.reading, done.writing)
    if as_json:
        totals = {"target": target, "documents": done.writing.documents, "spans": done.writing.spans}
        print_report({**totals, "unfinished": done.unfinished, "by_others": done.others}, *reports)
        exit_if_lost(*reports)
        return
    say_problems([*done.reading.groups.values(), *done.writing.groups.values()])
    say_losses(done.writing, done.format)
    counts = {"unfinished left out": done.unfinished, "by others left out": done.others}
    parts = [f"{target}: {written_totals(done.writing)}"]
    parts += [f"{count} {what}" for what, count in counts.items() if count]
    print_message(", ".join([*parts, *lost_totals(*reports)]))
    exit_if_lost(*reports)


def _check(
    files: list[str],
    target: str,
    *,
    formats: tuple[str | None, str | None],
    options: ReadOptions,
    as_json: bool,
) -> None:
    """Say whether two sides hold the same annotations; exit code 1 if they do not, or were not read whole."""
    from annotator.formats.exchange import Report
    from annotator.workspace.transfer.comparing import compare

    reports = Report(), Report()
    names = (", ".join(files), target)
    comparison = compare(files, [target], names=names, formats=formats, options=options, reports=reports)
    if as_json:
        print_report(comparison.as_json(), *reports)
    else:
        say_problems([group for report in reports for group in report.groups.values()])
        for difference in comparison.differences:
            print_lines(str(difference))
        say_verdict(comparison, reports)
    exit_if_lost(*reports)
    if not comparison.is_same:
        raise typer.Exit(1)


def _tokens_by(model: str | None) -> Callable[[Document], Tokens]:
    """Tokens of the pipeline, which is loaded for the first document that has none of its own."""
    tokenize: Callable[[str], Tokens] | None = None

    def tokens_of(document: Document) -> Tokens:
        nonlocal tokenize
        if tokenize is None:
            from annotator.settings import read_settings
            from annotator.suggest.sources.pipeline import Pipeline
            from annotator.suggest.sources.resolution import resolve

            pipeline = resolve(model or read_settings().model)
            tokenize = Pipeline(pipeline.source, name=pipeline.name).tokens
        return tokenize(document.text)

    return tokens_of
