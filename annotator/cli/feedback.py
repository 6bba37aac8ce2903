"""`annotator feedback`: an annotator's work against gold, and documents sent back to be looked at again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import AnnotatorOption, JsonOption, StoreOption, store_path
from annotator.cli.output import print_json, print_message
from annotator.cli.writing import changeable_store, signature
from annotator.errors import UsageError

if TYPE_CHECKING:
    from annotator.store.repository import Store


def feedback(
    name: Annotated[
        str | None,
        typer.Argument(help="Whose work; by default a row for each annotator.", show_default=False),
    ] = None,
    store: StoreOption = None,
    back: Annotated[
        list[str] | None,
        typer.Option(
            "--return",
            help="Send a document back: its id, how the id begins, or words of its title. May be repeated.",
            show_default=False,
        ),
    ] = None,
    comment: Annotated[
        str | None,
        typer.Option("--comment", help="With --return: what is to be looked at again.", show_default=False),
    ] = None,
    taken_back: Annotated[
        list[str] | None,
        typer.Option(
            "--take-back",
            help="Take back the sending back of a document. May be repeated.",
            show_default=False,
        ),
    ] = None,
    is_open: Annotated[bool, typer.Option("--open", help="Look at it on the screen.")] = False,
    annotator: AnnotatorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show an annotator's spans that differ from gold, by kind of error and by label, with the reviewer's comments.

    Only documents count that the annotator has finished and whose review is done. A document that is sent back is
    open in its annotator's queue, with the comment, until it is finished again. --annotator is who looks or sends it
    back.

    Example: annotator feedback mira --store news --return "violin fraud" --comment "dates have no weekday"
    """
    _check_usage(name, back, comment, taken_back, is_open=is_open, as_json=as_json)
    if name is None:
        _tell_all(store_path(store), as_json=as_json)
    elif back or taken_back:
        _change(name, store, back or [], comment or "", taken_back or [], annotator)
    elif is_open:
        _open(name, store_path(store), annotator)
    else:
        _tell(name, store_path(store), as_json=as_json)


def _check_usage(
    name: str | None,
    back: list[str] | None,
    comment: str | None,
    taken_back: list[str] | None,
    *,
    is_open: bool,
    as_json: bool,
) -> None:
    if name is None and (back or taken_back or is_open):
        raise UsageError("whose work is it about?", hint="annotator feedback NAME")
    if comment is not None and not back:
        raise UsageError("--comment goes with --return", hint="--return DOCUMENT says what is sent back")
    if back and not (comment or "").strip():
        raise UsageError(
            "--return needs a --comment",
            hint='such as --comment "dates have no weekday"; the annotator reads it',
        )
    if is_open + as_json + bool(back or taken_back) > 1:
        raise UsageError(
            "--open, --json and sending back do not go together", hint="do one of them at a time"
        )


def _tell(name: str, path: Path, *, as_json: bool) -> None:
    from annotator.cli.feedback_tables import as_record, print_feedback, remarks
    from annotator.workspace.review.feedback import feedback_report

    opened = opened_store(path)
    report = feedback_report(opened, name)
    opened.close()
    if as_json:
        print_json(as_record(report))
    else:
        print_feedback(report)
    for remark in remarks(report):
        print_message(remark)


def _tell_all(path: Path, *, as_json: bool) -> None:
    from annotator.cli.feedback_tables import print_overview, remarks, summary
    from annotator.workspace.review.feedback import feedback_reports

    opened = opened_store(path)
    reports = feedback_reports(opened)
    opened.close()
    if as_json:
        print_json([summary(report) for report in reports])
    else:
        print_overview(reports)
    for remark in (remark for report in reports for remark in remarks(report)):
        print_message(remark)


def _change(
    name: str,
    store: Path | None,
    back: list[str],
    comment: str,
    taken_back: list[str],
    annotator: str | None,
) -> None:
    from annotator.workspace.assignments.annotator_names import check_known
    from annotator.workspace.assignments.send_back import send_back, take_back

    opened = changeable_store(store)
    check_known(opened, name)
    sent, taken = _ids(opened, back), _ids(opened, taken_back)
    if both := [annotator for annotator in sent if annotator in taken]:
        raise UsageError(f"{both[0]} cannot be sent back and taken back at once", hint="do one of the two")
    who, when = signature(annotator)
    if taken:
        take_back(opened, name, taken, when=when)
        _say_each(opened, taken, f"taken back from {name}")
    if sent:
        send_back(opened, name, sent, comment=comment, who=who, when=when)
        _say_each(opened, sent, f"sent back to {name}")
    opened.close()


def _ids(store: Store, asked: list[str]) -> list[str]:
    from annotator.workspace.document_lookup import find_document

    return list(dict.fromkeys(find_document(store.catalogue, name).id for name in asked))


def _say_each(store: Store, ids: list[str], done: str) -> None:
    for document_id in ids:
        entry = store.catalogue.get(document_id)
        print_message(f"{done}: {entry.title if entry is not None else document_id}")


def _open(name: str, path: Path, annotator: str | None) -> None:
    from annotator.cli.annotate import check_terminal
    from annotator.settings import annotator_name, read_settings
    from annotator.workspace import Workspace
    from annotator.workspace.review.feedback import feedback_report
    from annotator.workspace.viewing import ViewedWorkspace

    settings = read_settings()
    who = annotator_name(annotator, settings)
    check_terminal()
    opened = opened_store(path)
    report = feedback_report(opened, name)  # which refuses what there is nothing to see of
    workspace = (
        Workspace(opened, annotator=name, settings=settings)
        if who == name
        else ViewedWorkspace(opened, annotator=name, seen_by=who, settings=settings)
    )
    from annotator.tui.app import run

    sys.exit(run(workspace, begin=lambda openers: openers.show_feedback(report)))
