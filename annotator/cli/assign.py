"""`annotator assign`: documents dealt out to annotators, and who has what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import AnnotatorOption, DryOption, JsonOption, StoreOption, store_path
from annotator.cli.output import print_json, print_message, print_table
from annotator.cli.writing import changeable_store, signature
from annotator.errors import UsageError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from pathlib import Path

    from annotator.store.repository import Store
    from annotator.workspace.assignments.dealing import AssignReport, Deal, Move
    from annotator.workspace.assignments.workload import Workloads


def assign(
    annotators: Annotated[
        str | None,
        typer.Option(
            "--annotators",
            help="To whom, by name, with commas between; without it, who has what is shown.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
    overlap: Annotated[
        float | None,
        typer.Option(
            "--overlap",
            help="The share of documents that several annotators get; by default none, with --again as many as had.",
            show_default=False,
        ),
    ] = None,
    per_overlap: Annotated[
        int, typer.Option("--per-overlap", help="How many annotators get each of those.")
    ] = 2,
    seed: Annotated[int, typer.Option("--seed", help="The same seed deals alike.")] = 1,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Move what they have not begun among these annotators, to level words out."
        ),
    ] = False,
    taken_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Whose documents go to them, as far as not begun; commas between.",
            show_default=False,
        ),
    ] = None,
    documents: Annotated[
        list[str] | None,
        typer.Option(
            "--document",
            help="Only this document, by id, how the id begins, or words of its title. May be repeated.",
            show_default=False,
        ),
    ] = None,
    is_open: Annotated[
        bool, typer.Option("--open", help="Let every annotator see all documents again.")
    ] = False,
    annotator: AnnotatorOption = None,
    is_dry: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Deal all documents out to annotators, by words, a share of them to several; or show who has what.

    Only documents that have nobody are dealt, so that those added later can be, and none moves but by --again, --from
    and --document; what somebody has begun stays with them. From then on annotators see only what is theirs.
    --annotator is who deals, whose name the assignments carry.

    Example: annotator assign --annotators ada,ben,cleo --overlap 0.2 --store news
    """
    if annotators is None:
        if overlap is not None or again or taken_from is not None or documents:
            raise UsageError("nobody is named to assign documents to", hint="--annotators ada,ben,cleo")
        if is_open:
            _open_to_all(store, is_dry=is_dry)
        else:
            _show(store_path(store), as_json=as_json)
        return
    if is_open:
        raise UsageError("--annotators and --open do not go together", hint="do one of them at a time")
    if again and (taken_from is not None or documents):
        raise UsageError(
            "--again does not go with --from and --document", hint="it is about all that they have not begun"
        )
    if overlap is not None and (taken_from is not None or documents):
        raise UsageError(
            "--overlap does not go with --from and --document",
            hint="what moves stays shared by as many as it was",
        )
    from annotator.workspace.assignments.dealing import Deal, Move
    from annotator.workspace.document_lookup import find_document

    deal = Deal(_names(annotators), overlap=overlap, per_overlap=per_overlap, seed=seed)
    opened = changeable_store(store, is_dry=is_dry)
    move = Move(
        balances=again,
        taken_from=_names(taken_from or ""),
        documents=tuple(find_document(opened.catalogue, name).id for name in documents)
        if documents
        else None,
    )
    _deal_out(opened, deal, move, annotator, is_dry=is_dry, as_json=as_json)


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _deal_out(
    opened: Store, deal: Deal, move: Move, annotator: str | None, *, is_dry: bool, as_json: bool
) -> None:
    from annotator.workspace.assignments.dealing import assign as deal_out

    who, when = signature(annotator)
    report = deal_out(opened, deal, who=who, when=when, move=move, is_dry=is_dry)
    opened.close()
    if as_json:
        print_json(_as_json(report))
        return
    rows = [
        (
            name,
            f"{len(documents):,}",
            f"{report.words[name]:,}",
            f"{report.new[name]:,}",
            f"{report.taken[name]:,}",
        )
        for name, documents in report.assigned.items()
    ]
    print_table(("annotator", "documents", "words", "new", "taken back"), rows, last_is_long=False)
    given = len(report.given)
    share = f" ({100 * report.shared / given:.0f} %)" if given else ""
    done = "would be assigned" if is_dry else "assigned"
    if report.missing:
        print_message(
            f"{counted(len(report.missing), 'document')} with fewer annotators than before: "
            "--annotators named nobody else for them"
        )
    print_message(
        f"{opened.path}: {given:,} of {counted(report.documents, 'document')} {done}, "
        f"{report.shared:,} to several{share}"
    )


def _open_to_all(store: Path | None, *, is_dry: bool) -> None:
    opened = changeable_store(store, is_dry=is_dry)
    if not is_dry:
        opened.change_info(access="open")
    opened.close()
    would = " (a dry run: nothing was changed)" if is_dry else ""
    print_message(f"{opened.path}: every annotator sees all documents; assignments are kept{would}")


def _show(path: Path, *, as_json: bool) -> None:
    from annotator.model.decisions import Status
    from annotator.workspace.assignments.workload import workloads

    opened = opened_store(path)
    found = workloads(opened)
    opened.close()
    if as_json:
        print_json(_workloads_as_json(found))
        return
    if not found.annotators:
        print_message(
            f"{opened.path}: nothing is assigned to anybody, and every annotator sees all documents",
            "  annotator assign --annotators ada,ben,cleo deals documents out",
        )
        return
    rows = [
        (
            work.annotator,
            f"{work.documents:,}",
            f"{work.words:,}",
            *(
                f"{work.statuses.get(status, 0):,}"
                for status in (Status.STARTED, Status.DONE, Status.SKIPPED)
            ),
            f"{work.returned:,}",
        )
        for work in found.annotators
    ]
    header = ("annotator", "documents", "words", "begun", "done", "skipped", "sent back")
    print_table(header, rows, last_is_long=False)
    seen = "annotators see only what is theirs" if found.is_assigned else "every annotator sees all documents"
    nobody = f"; {found.unassigned:,} of {counted(found.documents, 'document')} assigned to nobody"
    print_message(f"{opened.path}: {seen}{nobody if found.unassigned else ''}")


def _workloads_as_json(rows: Workloads) -> dict[str, object]:
    from annotator.model.decisions import Status

    return {
        "access": "assigned" if rows.is_assigned else "open",
        "documents": rows.documents,
        "unassigned": rows.unassigned,
        "annotators": [
            {
                "annotator": work.annotator,
                "documents": work.documents,
                "words": work.words,
                **{status.value: work.statuses.get(status, 0) for status in Status},
                "sent_back": work.returned,
            }
            for work in rows.annotators
        ],
    }


def _as_json(report: AssignReport) -> dict[str, object]:
    given = len(report.given)
    return {
        "documents": report.documents,
        "assigned": given,
        "shared": report.shared,
        "missing": list(report.missing),
        "overlap": report.shared / given if given else None,
        "annotators": [
            {
                "annotator": name,
                "documents": list(documents),
                "words": report.words[name],
                "new": report.new[name],
                "taken_back": report.taken[name],
            }
            for name, documents in report.assigned.items()
        ],
        "pairs": [{"a": one, "b": other, "documents": count} for (one, other), count in report.pairs.items()],
    }
