"""`annotator convert`: from one format to another, without a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.options import EncodingOption, ModelOption, SizeOption
from annotator.cli.output import print_message
from annotator.cli.transfer import say_problems
from annotator.formats.choices import OnError, OnMisaligned, Tags
from annotator.model.counting import counted
from annotator.model.documents import SIZE_LIMIT

if TYPE_CHECKING:
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
    tags: Annotated[Tags, typer.Option("--tags", help="How CoNLL spells entities.")] = Tags.IOB2,
    group: Annotated[
        int, typer.Option("--group", min=0, help="CoNLL without -DOCSTART-: so many sentences to a document.")
    ] = 0,
    encoding: EncodingOption = "utf-8",
    size_limit: SizeOption = SIZE_LIMIT,
    model: ModelOption = None,
) -> None:
    """Write files of one format in another, without a store.

    Takes finished annotation sets, one a document unless the format holds several annotators.

    Example: annotator convert gold.conll gold.jsonl
    """
    from annotator.formats.exchange import ReadOptions, WriteOptions
    from annotator.model.resources import load_label_set
    from annotator.workspace.transfer.converting import convert as turn

    label_set = load_label_set(labels) if labels else None
    done = turn(
        files,
        target,
        source_format=source_format,
        format=format,
        annotator=annotator,
        takes_all=takes_all,
        tokens=_tokens_by(model),
        reading=ReadOptions(
            encoding=encoding,
            size_limit=size_limit,
            on_error=on_error,
            group=group,
            labels=label_set,
            every_set=True,
        ),
        writing=WriteOptions(
            on_misaligned=on_misaligned,
            nested=label_set.nested if label_set else None,
            provenance=True,
            tags=tags,
        ),
    )
    say_problems(done.problems, total=done.problem_count)
    parts = [f"{target}: {counted(done.writing.documents, 'document')}", counted(done.writing.spans, "span")]
    counts = {
        "left out": done.writing.skipped,
        "expanded to tokens": done.writing.expanded,
        "unfinished left out": done.unfinished,
        "by others left out": done.others,
    }
    parts += [f"{count} {what}" for what, count in counts.items() if count]
    print_message(", ".join(parts))


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
