"""`annotator check`, `annotator backup` and `annotator remove`: care of the store."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import (
    AnnotatorOption,
    AnySizeOption,
    JsonOption,
    StoreOption,
    YesOption,
    store_path,
)
from annotator.cli.output import confirm, print_json, print_lines, print_message, print_table, progress
from annotator.cli.writing import signature
from annotator.errors import InputError, StoreError, UsageError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.store.archives import Limits
    from annotator.store.files import Files
    from annotator.store.repair.replay import Signature


def check(
    store: StoreOption = None,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Mend what can be mended, after a backup; put aside what cannot."),
    ] = False,
    accept: Annotated[
        str | None,
        typer.Option(
            "--accept",
            help="Take what was changed by hand in this file, or on this document.",
            show_default=False,
        ),
    ] = None,
    yes: YesOption = False,
    annotator: AnnotatorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look for damage in every file of the store; exit code 1 if there is any.

    A repair keeps the original of all that it mends or puts aside in quarantine/, and says what is left to do.

    Example: annotator check --store news --repair
    """
    if repair and accept is not None:
        raise UsageError(
            "--repair and --accept do not go together", hint="accept first what you want to keep"
        )
    files, by = _files(store_path(store)), _signature(annotator)
    if accept is not None:
        _accept(files, accept, by, yes=yes)
    elif repair:
        _repair(files, by, as_json=as_json)
    else:
        _check(files, as_json=as_json)


def _check(files: Files, *, as_json: bool) -> None:
    from annotator.store.backups import daily_failure
    from annotator.store.check import check
    from annotator.store.permissions import is_readable_by_all
    from annotator.store.version_control import has_driver

    findings = []
    remedies: dict[str, None] = {}
    for finding in check(files, progress=progress("checked")):
        remedies[finding.remedy] = None
        if as_json:
            findings.append(
                {
                    "file": finding.path,
                    "damage": finding.damage.value,
                    "reason": finding.reason,
                    "remedy": finding.remedy,
                }
            )
        else:
            print_lines(str(finding))
    if as_json:
        print_json(findings)
    if is_readable_by_all(files.root):
        print_message(
            f"{files.root}: every user of this machine can read these texts and annotations",
            f"  chmod -R o-rwx {shlex.quote(str(files.root))} lets only you and your group read them",
        )
    if has_driver(files.root) is False:
        print_message(
            f"{files.root}: git has no merge driver in this clone, so that a merge can leave out a colleague's work",
            "  annotator git-setup sets it up",
        )
    if (failure := daily_failure(files)) is not None:
        print_message(
            f"{files.root}: the last daily backup could not be made, {failure}",
            "  annotator backup makes one, once that is mended",
        )
    if remedies:
        for remedy in remedies:
            print_message(f"  {remedy}")
        raise typer.Exit(1)
    print_message(f"{files.root}: nothing is damaged")


def _repair(files: Files, by: Signature, *, as_json: bool) -> None:
    from annotator.store.check import check
    from annotator.store.repair.repair import Repair

    repair = Repair(files, by)
    done: list[dict[str, Any]] = []
    for mended in repair.run(progress=progress("checked")):
        if as_json:
            finding = mended.finding
            done.append(
                {
                    "file": finding.path,
                    "damage": finding.damage.value,
                    "reason": finding.reason,
                    "done": mended.done,
                    "todo": mended.todo,
                }
            )
        else:
            print_lines(str(mended.finding), f"  {mended.done}")
            if mended.todo:
                print_lines(f"  you: {mended.todo}")
    if as_json:
        print_json(done)
    if repair.backup is None:
        print_message(f"{files.root}: nothing is damaged")
        return
    print_message(f"the store as it was: {repair.backup.path}")
    if (files.root / repair.quarantine).exists():
        print_message(f"originals and what was put aside: {files.root / repair.quarantine}")
    left = sum(1 for _ in check(files))
    if left:
        print_message(f"{left} left: annotator check names them")
        raise typer.Exit(1)


def _accept(files: Files, asked: str, by: Signature, *, yes: bool) -> None:
    from annotator.store.hand_edits import accept, hand_edits

    edits = hand_edits(files, asked, by=by)
    for edit in edits:
        print_lines(str(edit.path))
        for line in edit.meaning:
            print_lines(f"  {line}")
    if not yes and not confirm("Take this as it is?"):
        raise typer.Exit(1)
    accept(files, edits)
    print_message(f"{counted(len(edits), 'file')} taken as changed")


def backup(
    out: Annotated[
        Path | None,
        typer.Argument(
            help="The ZIP file to write, by default in backups/ of the store; with --restore, the new folder.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
    shows: Annotated[bool, typer.Option("--list", help="List the backups in the store.")] = False,
    restore: Annotated[
        Path | None,
        typer.Option("--restore", help="Unpack this backup into a new folder.", show_default=False),
    ] = None,
    any_size: AnySizeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the whole store to one ZIP file, read it back to be sure, and say where it is.

    One is made by itself on each day on which the store is annotated; the last seven of these are kept. A backup is
    restored beside its place, checked, and then put there; what it restores it never runs.

    Example: annotator backup /media/stick/news.zip --store news
    """
    from annotator.store import backups
    from annotator.store.archives import Limits

    if restore is not None:
        if out is None:
            raise UsageError("--restore needs a new folder", hint="annotator backup --restore FILE FOLDER")
        _restore(restore, out, limits=None if any_size else Limits())
        return
    files = _files(store_path(store))
    if shows:
        archives = backups.backups(files)
        if as_json:
            print_json(
                [
                    {
                        "file": str(archive.path),
                        "when": archive.when,
                        "reason": archive.reason,
                        "bytes": archive.size,
                    }
                    for archive in archives
                ]
            )
        elif archives:
            rows = [
                (archive.when, archive.reason, f"{archive.size:,}", str(archive.path)) for archive in archives
            ]
            print_table(("when", "why", "bytes", "file"), rows, last_is_long=False)
        else:
            print_message("there are no backups yet: annotator backup makes one")
        return
    if out is None:
        archive = backups.back_up(files, reason="manual")
        out, renamed = archive.path, archive.renamed
    elif out.exists():
        raise InputError(f"{out} is there already", hint="choose another name")
    else:
        renamed = backups.write_backup(files, out.absolute())
    print_lines(str(out))
    for name in renamed:
        print_message(f"  {name}: it has another name in the backup, since not every disk can have this one")


def _restore(backup: Path, folder: Path, *, limits: Limits | None) -> None:
    from annotator.store.restore import restore

    restored = restore(backup, folder, limits=limits)
    print_message(f"{folder}: {counted(restored.files, 'file')}")
    for name in restored.left_out:
        print_message(f"  left out, since no backup holds it: {name}")
    if restored.damage:
        print_message(
            f"  the backup holds damage ({counted(len(restored.damage), 'file')}), which came with it:",
            f"  annotator check --store {shlex.quote(str(folder))}",
        )
        raise typer.Exit(1)


def remove(
    documents: Annotated[
        list[str], typer.Argument(help="Documents by id, beginning of the id, or words of the title.")
    ],
    store: StoreOption = None,
    annotator: AnnotatorOption = None,
    yes: YesOption = False,
) -> None:
    """Take documents out of the store, with everybody's annotations on them, after a backup.

    They stay out: neither a merge nor an import brings them back without --restore-removed. --annotator is who removes
    them.

    Example: annotator remove "quota vote" --store news
    """
    from annotator.store.removal import remove_documents
    from annotator.workspace.document_lookup import find_document

    opened = opened_store(store_path(store))
    if (reason := opened.is_read_only) is not None:
        raise StoreError(f"nothing can be removed here: {reason}", hint="--store names another store")
    entries = list(dict.fromkeys(find_document(opened.catalogue, asked) for asked in documents))
    for entry in entries:
        who = ", ".join(opened.sets_of(entry.id, gold=True)) or "nobody"
        print_message(f"{entry.id}: {entry.title} (annotated by {who})")
    question = f"Remove {counted(len(entries), 'document')}?"
    if not yes and not confirm(question):
        raise typer.Exit(1)
    who, when = signature(annotator)
    removed = remove_documents(opened, [entry.id for entry in entries], who=who, when=when)
    opened.close()
    print_message(
        f"removed {counted(removed.documents, 'document')} and {counted(removed.sets, 'annotation set')}; "
        f"they are in {removed.backup.path}"
    )


def _files(path: Path) -> Files:
    """The files of a store, which need not be whole; StoreError if there is none."""
    from annotator.store.files import Files
    from annotator.store.layout import ANNOTATIONS, DOCUMENTS

    root = path.absolute()
    if not any((root / name).exists() for name in ("store.json", DOCUMENTS, ANNOTATIONS)):
        raise StoreError(f"there is no store in {path}", hint="--store names another folder")
    return Files(root)


def _signature(annotator: str | None) -> Signature:
    from datetime import UTC, datetime

    from annotator.model.decisions import time_text
    from annotator.settings import annotator_name, read_settings
    from annotator.store.repair.replay import Signature

    now = time_text(datetime.now(UTC))
    return Signature(annotator_name(annotator, read_settings()), now)
