"""`annotator audit`: texts that are not treated alike, and what makes them so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import JsonOption, StoreOption, YesOption, store_path
from annotator.cli.output import print_message, progress
from annotator.errors import StoreError, UsageError


def audit(
    store: StoreOption = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator",
            "-n",
            help="Whose annotations; by default gold if there is any, else your own.",
            show_default=False,
        ),
    ] = None,
    take_all: Annotated[bool, typer.Option("--all", help="Also what is not finished, or skipped.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="How many findings, those first that promise the most.")
    ] = 20,
    mend: Annotated[
        list[str] | None,
        typer.Option(
            "--mend",
            help="Make a finding alike, by its number or text, or all of them; can be given again.",
            show_default=False,
        ),
    ] = None,
    treatment: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="With --mend: the label, or for edges with or without; by default the majority's.",
            show_default=False,
        ),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back the last mend, where nothing was decided since.")
    ] = False,
    dismiss: Annotated[
        list[str] | None,
        typer.Option(
            "--dismiss",
            help="Judge a finding to be fine, by its number or text, or all of them; can be given again.",
            show_default=False,
        ),
    ] = None,
    restore: Annotated[
        list[str] | None,
        typer.Option(
            "--restore",
            help="Take that back, by the number in --dismissed, by the text, or all; can be given again.",
            show_default=False,
        ),
    ] = None,
    dismissed: Annotated[
        bool, typer.Option("--dismissed", help="List those that were dismissed, and by whom.")
    ] = False,
    open_screen: Annotated[
        bool, typer.Option("--open", help="Open the screen on them, where places are chosen one by one.")
    ] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """List texts that are not treated alike: different labels, marked here and missed there, edges in and out.

    With --mend these places are made like the majority, or as told, in one step that --undo takes back. With
    --dismiss a finding is not told again until a new label, or a new place with a rarer one, joins it.

    Example: annotator audit --mend "Hugo Chávez" --as PERSON
    """
    deeds = [bool(mend), undo, bool(dismiss), bool(restore)]
    lists = dismissed or as_json
    if sum([*deeds, open_screen, lists]) > 1 or (treatment is not None and not mend):
        raise UsageError(
            "these options make no sense together",
            hint="--mend FINDING --as LABEL; --undo; --dismiss FINDING; --restore FINDING; --dismissed; --open",
        )
    if open_screen:
        _open(store_path(store), annotator, takes_all=take_all)
    from annotator.cli.audit_commands import (
        SHOWN,
        dismiss_findings,
        mend_findings,
        restore_findings,
        undo_mend,
    )
    from annotator.cli.audit_listing import print_findings
    from annotator.settings import annotator_name, read_settings
    from annotator.workspace.audit.search import audit_store, audited_annotator
    from annotator.workspace.contexts import Contexts

    opened = opened_store(store_path(store))
    caller = annotator_name(None, read_settings())
    if any(deeds) and (reason := opened.is_read_only) is not None:
        raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")
    if undo:
        undo_mend(opened, caller)
        return
    whose = audited_annotator(opened, annotator, caller=caller)
    result = audit_store(opened, whose, takes_all=take_all, on_progress=progress("looking"))
    for document_id, problem in list(result.unreadable.items())[:SHOWN]:
        print_message(f"annotator: {document_id} is left out: {problem}")
    if mend:
        mend_findings(opened, result, mend, treatment, who=caller, yes=yes)
    elif dismiss:
        dismiss_findings(opened, result, dismiss, who=caller, yes=yes)
    elif restore:
        restore_findings(opened, result, restore)
    else:
        print_findings(result, Contexts(opened), limit=limit, dismissed=dismissed, as_json=as_json)
    opened.close()
    if result.unreadable:
        raise typer.Exit(1)


def _open(path: Path, annotator: str | None, *, takes_all: bool) -> None:
    from annotator.cli.annotate import check_terminal
    from annotator.settings import annotator_name, read_settings
    from annotator.workspace import Workspace
    from annotator.workspace.audit.search import AuditOf, audited_annotator

    settings = read_settings()
    caller = annotator_name(None, settings)
    check_terminal()
    opened = opened_store(path)
    whose = audited_annotator(opened, annotator, caller=caller)
    workspace = Workspace(opened, annotator=caller, settings=settings, sees_all=True)
    from annotator.tui.app import run

    sys.exit(run(workspace, begin=lambda openers: openers.show_audit(AuditOf(whose, takes_all))))
