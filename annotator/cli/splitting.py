"""Exports in parts, as the command line tells of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.output import print_message, print_table
from annotator.formats.choices import SplitBy
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.formats.exchange import Report, TokensOf, WriteOptions
    from annotator.store.repository import Store
    from annotator.workspace.transfer.splitting import SplitPlan

SeedOption = Annotated[int, typer.Option("--seed", help="Another number gives another split.")]
SplitByOption = Annotated[
    SplitBy, typer.Option("--split-by", help="labels balances the parts; by hash new documents move none.")
]
GroupOption = Annotated[
    str | None,
    typer.Option("--group", help="A metadata field whose equal values stay in one part.", show_default=False),
]


def export_parts(
    store: Store,
    target: str,
    *,
    format: str | None,
    split: str,
    seed: int,
    by: SplitBy,
    group: str | None,
    annotator: str | None,
    takes_all: bool,
    tokens: TokensOf,
    options: WriteOptions,
    report: Report,
    model: str | None,
    as_json: bool = False,
) -> None:
    """Write the parts of `split`, and beside a folder of DocBins the configuration to train on them; say what they hold.

    What is trained by that starts from `model`.
    """
    from annotator.cli.transfer_output import exit_if_lost, print_report, say_written
    from annotator.formats.registry import writer_for
    from annotator.formats.splits import parse_ratios
    from annotator.workspace.training.preparation import SPACY_STEPS, Preparation, TrainingRequest
    from annotator.workspace.transfer.splitting import CONFIG, in_folder, plan_split, write_parts

    ratios = parse_ratios(split)
    plan = plan_split(
        store, annotator=annotator, takes_all=takes_all, ratios=ratios, seed=seed, by=by, group=group
    )
    chosen = writer_for(target, format=format)
    preparation = None
    if chosen.name == "spacy" and in_folder(target, chosen):
        request = TrainingRequest(ratios=ratios, seed=seed, base=model, max_steps=SPACY_STEPS)
        preparation = Preparation(store, plan, request, tokens)
    paths = write_parts(
        store,
        plan,
        target,
        format=format,
        tokens=preparation.tokens if preparation else tokens,
        options=options,
        report=report,
        beside=preparation.write_config if preparation else None,
        on_document=preparation.see if preparation else None,
    )
    say_parts(plan)
    written = ", ".join(map(str, paths.values()))
    if as_json:
        print_report({"target": written, "documents": report.documents, "spans": report.spans}, report)
    else:
        say_written(written, report, format=chosen.name)
    if preparation is not None:
        print_message(f"train on it: python -m spacy train {target}/{CONFIG} --output MODEL")
    exit_if_lost(report)


def say_parts(plan: SplitPlan) -> None:
    """Say on stderr what each part holds, and by label."""
    names = plan.names
    rows = [
        ["documents", *(f"{total.documents:>7,}" for total in plan.totals)],
        ["spans", *(f"{total.spans:>7,}" for total in plan.totals)],
        *(
            [label, *(f"{total.labels.get(label, 0):>7,}" for total in plan.totals)]
            for label in labels_by_frequency(plan)
        ),
    ]
    print_table(["", *(f"{name:>7}" for name in names)], rows, last_is_long=False, file=sys.stderr)
    if plan.alone:
        print_message(f"{counted(plan.alone, 'document')} without the field stand alone")


def labels_by_frequency(plan: SplitPlan) -> list[str]:
    """The labels of a plan, the most frequent first."""
    labels = {label for total in plan.totals for label in total.labels}
    return sorted(
        labels, key=lambda label: (-sum(total.labels.get(label, 0) for total in plan.totals), label)
    )
