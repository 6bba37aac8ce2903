"""`annotator assign`: documents dealt out to colleagues."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.options import JsonOption, StoreOption, store_path
from annotator.cli.talk import print_json, print_table
from annotator.errors import StoreError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.store.repository import Store
    from annotator.workspace.assigning import AssignReport

DryOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")]


def assign(
    annotators: Annotated[
        str, typer.Option("--annotators", help="To whom, by name, with commas between.", show_default=False)
    ],
    store: StoreOption = None,
    overlap: Annotated[
        float, typer.Option("--overlap", help="The share of documents that several annotators get.")
    ] = 0.0,
    per_overlap: Annotated[
        int, typer.Option("--per-overlap", help="How many annotators get each of those.")
    ] = 2,
    seed: Annotated[int, typer.Option("--seed", help="The same seed deals alike.")] = 1,
    again: Annotated[
        bool, typer.Option("--again", help="Deal anew what was dealt and nobody has begun.")
    ] = False,
    is_dry: DryOption = False,
    as_json: JsonOption = False,
) -> None:
    """Deal all documents out to annotators, evenly, a share of them to several, and show who has what.

    Only documents that have nobody are dealt, so that those added later can be, and none moves. An annotator's
    queue then holds only these; who has none sees all.

    Example: annotator assign --annotators ada,ben,cleo --overlap 0.2 --store news
    """
    from annotator.workspace.assigning import Deal
    from annotator.workspace.assigning import assign as deal_out

    names = tuple(name.strip() for name in annotators.split(",") if name.strip())
    deal = Deal(names, overlap=overlap, per_overlap=per_overlap, seed=seed)
    opened = _opened(store, is_dry=is_dry)
    who, when = _signature()
    report = deal_out(opened, deal, who=who, when=when, again=again, is_dry=is_dry)
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
    print(
        f"{opened.path}: {given:,} of {counted(report.documents, 'document')} {done}, "
        f"{report.shared:,} to several{share}",
        file=sys.stderr,
    )


def _as_json(report: AssignReport) -> dict[str, object]:
    given = len(report.given)
    return {
        "documents": report.documents,
        "assigned": given,
        "shared": report.shared,
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


def _opened(path: Path | None, *, is_dry: bool) -> Store:
    """The store to work on; StoreError if nothing can be saved in it and something would be."""
    from annotator.workspace import open_store

    opened = open_store(store_path(path), create=False)
    if not is_dry and (reason := opened.is_read_only) is not None:
        raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")
    return opened


def _signature() -> tuple[str, str]:
    """Who does this, and when, in UTC and ISO 8601."""
    from datetime import UTC, datetime

    from annotator.settings import annotator_name, read_settings

    return annotator_name(None, read_settings()), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
