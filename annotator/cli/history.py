"""`annotator log`: who decided what, when, and on which suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import JsonOption, StoreOption, store_path
from annotator.cli.output import print_json, print_message, print_table

if TYPE_CHECKING:
    from annotator.workspace.log import LogEntry


def log(
    document: Annotated[
        str | None,
        typer.Argument(
            help="A document by id, beginning of the id, or words of the title; by default all.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator", "-n", help="Whose decisions; by default everybody's.", show_default=False
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many decisions, the newest.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """Show who decided what, when, and on which suggestion; the newest decision stands last.

    Example: annotator log "quota vote" --store news --limit 100
    """
    from annotator.store.layout import check_annotator
    from annotator.workspace.document_lookup import find_document
    from annotator.workspace.log import document_log, store_log

    if annotator is not None:
        check_annotator(annotator, gold=True)
    opened = opened_store(store_path(store))
    if document is None:
        entries = store_log(opened, annotator=annotator, limit=limit)
    else:
        document_id = find_document(opened.catalogue, document).id
        entries = document_log(opened, document_id, annotator=annotator, limit=limit)
    if as_json:
        print_json([_json(entry) for entry in entries])
    elif not entries:
        print_message("nothing was decided yet")
    else:
        shows_title = document is None
        headings = ["when (UTC)", "who", "by", "what", "on", "text", *["document"] * shows_title]
        rows = [
            [
                entry.decision.when.replace("T", " ").removesuffix("Z"),
                _who(entry),
                entry.decision.by.value,
                entry.what,
                entry.origin,
                entry.text,
                *[entry.title] * shows_title,
            ]
            for entry in entries
        ]
        print_table(headings, rows)


def _who(entry: LogEntry) -> str:
    """Who decided, and in whose set where that is another's."""
    who = entry.decision.who
    return who if who == entry.annotator else f"{who} in {entry.annotator}"


def _json(entry: LogEntry) -> dict[str, Any]:
    from annotator.store.records import decision_record

    return {
        "document": entry.document,
        "title": entry.title,
        "annotator": entry.annotator,
        "what": entry.what,
        "text": entry.text,
        **decision_record(entry.decision, uid=""),
    }
