"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from annotator.errors import UsageError

DEFAULT_STORE = Path("annotations")

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        "-s",
        help="The store's folder; by default $ANNOTATOR_STORE, else ./annotations.",
        show_default=False,
    ),
]
AnnotatorOption = Annotated[
    str | None,
    typer.Option(
        "--annotator",
        "-n",
        help="Whose annotations; by default $ANNOTATOR_NAME, the settings' or the login name.",
        show_default=False,
    ),
]
LabelsOption = Annotated[
    str | None,
    typer.Option(
        "--labels", "-l", help="A label set for a new store: news, conll, wnut or a file.", show_default=False
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", help="The spaCy pipeline that suggests, by name or path.", show_default=False
    ),
]
PatternsOption = Annotated[
    Path | None,
    typer.Option(
        "--patterns",
        "-p",
        help="A file of patterns that suggest as well, as Prodigy writes them.",
        show_default=False,
    ),
]
EncodingOption = Annotated[str, typer.Option("--encoding", help="The encoding of text files.")]
SizeOption = Annotated[int, typer.Option("--size-limit", min=1, help="The largest text to take, in bytes.")]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format", "-f", help="The format; by default found from the name or content.", show_default=False
    ),
]
AllowLossOption = Annotated[
    bool,
    typer.Option("--allow-loss", help="What the format cannot hold may be lost: told, but no failure."),
]
IdPrefixOption = Annotated[
    str,
    typer.Option("--id-prefix", help="What to put before every id, as train/.", show_default=False),
]
TextKeyOption = Annotated[
    str | None,
    typer.Option("--text-key", help="JSON: the key that holds the text.", show_default=False),
]
SpanKeyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--span-key",
        help="JSON: another key that holds spans; DocBin: a group of spans; repeatable.",
        show_default=False,
    ),
]
KeepKeyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--keep-key", help="JSON: a key to keep as metadata, whatever it looks like.", show_default=False
    ),
]
LabelNameOption = Annotated[
    list[str] | None,
    typer.Option(
        "--label-name", help="What a label given by number means, as 2=PER; repeatable.", show_default=False
    ),
]
TokenColumnOption = Annotated[
    str | None,
    typer.Option(
        "--token-column",
        help="CoNLL, tables: the column of tokens, by number from 1 or by name; by default found by looking.",
        show_default=False,
    ),
]
LabelColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--label-column",
        help="CoNLL, tables: a column of tags, by number from 1 (-1 is the last) or by name; repeatable.",
        show_default=False,
    ),
]
TextColumnOption = Annotated[
    str | None,
    typer.Option(
        "--text-column",
        help="CSV, TSV, XLSX: the column of texts, by number from 1 or by name; by default found by looking.",
        show_default=False,
    ),
]
IdColumnOption = Annotated[
    str | None,
    typer.Option(
        "--id-column",
        help="CSV, TSV, XLSX: the column of the documents' ids, by number from 1 or by name.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
AnySizeOption = Annotated[
    bool,
    typer.Option(
        "--any-size",
        help="Also an archive of more than 4 GiB or 1,000,000 files, or one packed a hundred times smaller.",
    ),
]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")]
RestoreRemovedOption = Annotated[
    bool, typer.Option("--restore-removed", help="Let documents in again that were removed here.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


class TableColumns(TypedDict):
    """Which columns of CoNLL and of tables to read."""

    token_column: int | str | None
    label_columns: tuple[int | str, ...]
    text_column: int | str | None
    id_column: int | str | None


def label_names(given: list[str] | None) -> dict[str, str]:
    """The names of labels by number, as `--label-name 2=PER` gives them; UsageError for anything else."""
    names: dict[str, str] = {}
    for item in given or ():
        number, equals, name = item.partition("=")
        if not equals or not number.strip() or not name.strip():
            raise UsageError(f"--label-name {item} names no label", hint="for instance --label-name 2=PER")
        names[number.strip()] = name.strip()
    return names


def column(given: str, *, option: str) -> int | str:
    """A column as readers count it, from 0 or from the end, or its name; UsageError for 0, which counts from neither."""
    if not given.removeprefix("-").isdecimal():
        return given
    number = int(given)
    if number == 0:
        raise UsageError(f"{option} 0 is no column", hint="columns count from 1, or from the end by -1")
    return number - 1 if number > 0 else number


def columns(
    token_column: str | None,
    label_column: list[str] | None,
    text_column: str | None = None,
    id_column: str | None = None,
) -> TableColumns:
    """The options of ReadOptions that `--token-column`, `--label-column`, `--text-column` and `--id-column` give."""

    def asked(given: str | None, option: str) -> int | str | None:
        return None if given is None else column(given, option=option)

    return {
        "token_column": asked(token_column, "--token-column"),
        "label_columns": tuple(column(given, option="--label-column") for given in label_column or ()),
        "text_column": asked(text_column, "--text-column"),
        "id_column": asked(id_column, "--id-column"),
    }


def store_path(asked: Path | None) -> Path:
    """Where the store is: as asked, else $ANNOTATOR_STORE, else ./annotations."""
    return asked or Path(os.environ.get("ANNOTATOR_STORE") or DEFAULT_STORE)
