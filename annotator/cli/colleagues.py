"""`annotator merge` and `merge-driver`: colleagues' work brought together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.options import AnySizeOption, DryOption, JsonOption, RestoreRemovedOption, StoreOption
from annotator.cli.output import print_json, print_message, progress
from annotator.cli.writing import changeable_store
from annotator.errors import InputError
from annotator.model.counting import counted
from annotator.settings import read_file

if TYPE_CHECKING:
    from annotator.store.catalogue import Catalogue
    from annotator.store.merge.report import MergeReport

_SHOWN = 20
"""So many files or documents of a kind are named."""


def merge(
    other: Annotated[
        Path,
        typer.Argument(
            help="A colleague's store: a folder, a ZIP archive of it, or a checkout that has it in annotations/.",
            metavar="OTHER_STORE",
        ),
    ],
    store: StoreOption = None,
    add_labels: Annotated[
        bool,
        typer.Option("--add-labels", help="Let the label set have the labels that only theirs has."),
    ] = False,
    restore_removed: RestoreRemovedOption = False,
    is_dry: DryOption = False,
    any_size: AnySizeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Bring in a colleague's documents and annotations, and say what came, what was there already and what clashes.

    Nothing is overwritten. Two copies of one annotator's work on a document become one where both can hold, and
    otherwise stand side by side until somebody chooses. The exit code is 1 if anything clashes or could not come in.

    Example: annotator merge /media/stick/news.zip --store news
    """
    from annotator.store.archives import Limits
    from annotator.workspace.transfer.merging import merge_store

    opened = changeable_store(store, is_dry=is_dry)
    report = merge_store(
        opened,
        other,
        adds_labels=add_labels,
        restores_removed=restore_removed,
        is_dry=is_dry,
        limits=None if any_size else Limits(),
        progress=progress("merged"),
    )
    if as_json:
        print_json(_merge_as_json(report, opened.catalogue))
    _say_merge(report, opened.path, opened.catalogue, is_dry=is_dry, adds_labels=add_labels)
    if report.clashes or report.not_taken or report.held:
        raise typer.Exit(1)


def merge_driver(
    base: Annotated[Path, typer.Argument(help="What both began with: git's %O.")],
    ours: Annotated[Path, typer.Argument(help="Our version, which the merged one replaces: git's %A.")],
    theirs: Annotated[Path, typer.Argument(help="Their version: git's %B.")],
    path: Annotated[
        Path | None,
        typer.Argument(help="The file's path in the work tree: git's %P.", show_default=False),
    ] = None,
) -> None:
    """Merge two versions of a store's file for git, decision by decision; exit code 1 if they clash.

    Two histories of an annotation set go together where neither decides on what the other has changed. If they do
    not, ours stays, and theirs is put beside it as a second version for a person to choose. Git calls it once
    merge.annotator.driver is set to the line below.

    Example: annotator merge-driver %O %A %B %P
    """
    from annotator.store.files import Files
    from annotator.store.merge.files import merge_files

    target = path or ours
    contents = [_content(version) for version in (base, ours, theirs)]
    merge = merge_files(contents[1], contents[2], target.absolute(), base=contents[0])
    if merge.data is None:
        print_message(f"annotator: {target}: {merge.reason}")
        if merge.kept:
            print_message(
                f"  yours stays; theirs is {merge.kept} beside it: open the document as its annotator, "
                f"“choose a version” in the palette (ctrl+p), then git add {target}"
            )
        else:
            print_message(
                f"  yours stays; git show MERGE_HEAD:{target} shows theirs; git add {target} keeps yours"
            )
        raise typer.Exit(1)
    if merge.data != contents[1]:
        Files(ours.absolute().parent, aside="").write(ours.absolute(), merge.data)


def _content(path: Path) -> bytes:
    try:
        return read_file(path)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}",
            hint="git calls this command: git config merge.annotator.driver shows how",
        ) from error


def _say_merge(
    report: MergeReport, path: Path, catalogue: Catalogue, *, is_dry: bool, adds_labels: bool
) -> None:
    """Tell all of it on stderr, the totals last."""
    lines = [f"annotator: {file}" for file in report.not_taken[:_SHOWN]]
    lines += _and_more(len(report.not_taken))
    lines += [f"note: {note}" for note in report.notes]
    if report.unknown_labels:
        labels = ", ".join(f"{name} ({count:,})" for name, count in report.unknown_labels.most_common())
        lines.append(f"labels that only their label set has, with their spans: {labels}")
        if not adds_labels:
            lines.append(
                "  annotator merge --add-labels takes them; annotator labels rename changes one there"
            )
    for clash in report.clashes[:_SHOWN]:
        lines.append(
            f"{clash.annotator} on {clash.document}: two versions; theirs is {clash.version}"
            f" ({_title(catalogue, clash.document)})"
        )
    lines += _and_more(len(report.clashes))
    if report.clashes:
        lines.append(
            "  open such a document as that annotator, and “choose a version” in the palette (ctrl+p)"
        )
    for name, holder in report.held.items():
        lines.append(f"{name}: held by {holder}, and so skipped; close that program and merge again")
    for name, counts in sorted(report.annotators.items()):
        lines.append(f"{name}: " + ", ".join(f"{count:,} {fate}" for fate, count in counts.items()))
    if report.removed:
        lines.append(
            f"{counted(len(report.removed), 'document')} removed here, and so not taken: "
            f"{', '.join(report.removed[:_SHOWN])}; --restore-removed takes them"
        )
        lines += _and_more(len(report.removed))
    if report.assignments:
        lines.append(f"assignments of {', '.join(report.assignments)}")
    if report.dismissals:
        lines.append(f"audit: {counted(report.dismissals, 'finding')} dismissed or restored there")
    already = f", {report.known_documents:,} there already" if report.known_documents else ""
    would = " (a dry run: nothing was changed)" if is_dry else ""
    lines.append(f"{path.absolute()}: {counted(report.documents, 'new document')}{already}{would}")
    print_message(*lines)


def _title(catalogue: Catalogue, document_id: str) -> str:
    """The title of a document, or its id in a dry run that would have brought it."""
    entry = catalogue.get(document_id)
    return entry.title if entry is not None else document_id


def _and_more(count: int) -> list[str]:
    return [f"annotator: and {count - _SHOWN:,} more"] if count > _SHOWN else []


def _merge_as_json(report: MergeReport, catalogue: Catalogue) -> dict[str, object]:
    from annotator.store.merge.report import Fate

    return {
        "documents": {"new": report.documents, "there": report.known_documents},
        "annotators": {
            name: {fate.name.lower(): counts[fate] for fate in Fate}
            for name, counts in sorted(report.annotators.items())
        },
        "removed": report.removed,
        "clashes": [
            {
                "document": clash.document,
                "title": _title(catalogue, clash.document),
                "annotator": clash.annotator,
                "version": clash.version,
            }
            for clash in report.clashes
        ],
        "not_taken": [{"file": file.path, "reason": file.reason} for file in report.not_taken],
        "held": report.held,
        "unknown_labels": dict(report.unknown_labels.most_common()),
        "assignments": report.assignments,
        "dismissals": report.dismissals,
        "notes": report.notes,
    }
