"""`annotator train`: a spaCy pipeline from the annotations, how good it is, and whether more data would help."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import (
    JsonOption,
    StoreOption,
    store_path,
)
from annotator.cli.output import print_json, print_lines, print_message, print_table
from annotator.cli.splitting import GroupOption, SeedOption, SplitByOption, labels_by_frequency, say_parts
from annotator.cli.transfer_output import say_problems
from annotator.errors import OutputError
from annotator.formats.choices import OnMisaligned, SplitBy
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.training.curve import Point
    from annotator.training.held_out import HeldOut
    from annotator.training.recipe import Recipe
    from annotator.workspace.training.training import Training
    from annotator.workspace.transfer.splitting import SplitPlan

_LATE = 0.9
"""A best state after this share of all steps says that there were too few."""
_FEW = 10
"""An interval resampled from fewer documents is too narrow to be shown."""


def train(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The new folder for the model.", show_default=False)
    ],
    store: StoreOption = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator",
            "-n",
            help="Whose annotations; by default gold, else the only finished ones.",
            show_default=False,
        ),
    ] = None,
    split: Annotated[
        str, typer.Option("--split", help="Shares of train, dev and test; 80/20 measures on dev.")
    ] = "80/10/10",
    seed: SeedOption = 0,
    split_by: SplitByOption = SplitBy.LABELS,
    group: GroupOption = None,
    max_steps: Annotated[int, typer.Option("--max-steps", min=1, help="How many steps at most.")] = 1000,
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            help="What to start from: a pipeline, or blank:en; by default what suggests in this store.",
            show_default=False,
        ),
    ] = None,
    gpu: Annotated[int, typer.Option("--gpu", help="The GPU's number; -1 for the processor.")] = -1,
    curve: Annotated[
        bool,
        typer.Option("--curve", help="Also train on 25, 50 and 75 %, to see whether more data would help."),
    ] = False,
    on_misaligned: Annotated[
        OnMisaligned, typer.Option("--on-misaligned", help="What to do about spans that are off the tokens.")
    ] = OnMisaligned.FAIL,
    as_json: JsonOption = False,
) -> None:
    """Train a spaCy pipeline on the annotations, measure it on some held out, and lay out its errors.

    Ctrl-C stops and keeps the best so far. The folder also has the parts and the configuration for spacy train.

    Example: annotator train --store news --output model
    """
    from annotator.cli.training_view import TrainingView
    from annotator.formats.splits import parse_ratios
    from annotator.settings import annotator_name, read_settings
    from annotator.workspace.opening import pipeline_asked
    from annotator.workspace.training.preparation import TrainingRequest
    from annotator.workspace.training.training import learning_curve, train_on
    from annotator.workspace.transfer.exporting import tokens_for

    settings = read_settings()
    ratios = parse_ratios(split)
    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        raise OutputError(
            f"{output} is there already", hint="name another folder, or remove it: training begins anew"
        )
    opened = opened_store(store_path(store))
    asked = pipeline_asked(opened, asked=base, settings=settings)
    request = TrainingRequest(
        annotator=annotator,
        ratios=ratios,
        seed=seed,
        by=split_by,
        group=group,
        base=asked,
        max_steps=max_steps,
        gpu=gpu,
        on_misaligned=on_misaligned,
    )
    tokens = tokens_for(opened, asked)
    with TrainingView("training", max_steps=max_steps) as view:

        def on_plan(plan: SplitPlan, recipe: Recipe) -> None:
            say_parts(plan)
            print_message(_start_of(recipe))
            view.begin(labels_by_frequency(plan))

        training = train_on(
            opened,
            output,
            request,
            tokens=tokens,
            owner=annotator_name(None, settings),
            on_plan=on_plan,
            on_evaluation=view.show,
        )
    from annotator.formats.exchange import grouped

    say_problems(grouped(training.problems))
    if not as_json:
        _say_result(training)
    points: list[Point] = []
    if curve and not training.run.is_stopped:
        points = learning_curve(opened, training, request, tokens=tokens, on_point=_say_point)
        if not points:
            print_message("the curve was stopped; the model is whole")
    if as_json:
        print_json(
            {**training.as_json(), **({"curve": [point.as_json() for point in points]} if points else {})}
        )
    elif points:
        _say_curve(points)


def _start_of(recipe: Recipe) -> str:
    base = recipe.base.source or f"blank:{recipe.base.language}"
    kind = "span categorizer (spans may overlap)" if recipe.nested else "entity recognizer"
    if recipe.continues:
        return f"the {kind} of {base} learns on: it has the same labels"
    return f"a new {kind}, with the tokenizer of {base}"


def _say_result(training: Training) -> None:
    run, held_out = training.run, training.held_out
    stopped = ", stopped" if run.is_stopped else ""
    print_message(
        f"best state at step {run.best.step:,} of {run.evaluations[-1].step:,}{stopped}, {run.seconds:.0f} s"
    )
    if run.best.step > _LATE * training.recipe.max_steps:
        print_message("it was still getting better: a larger --max-steps may help")
    _print_figures(held_out)
    where = f"{training.held_out_part}, {counted(held_out.figures.documents, 'document')}"
    between = ""
    if held_out.figures.documents < _FEW:
        between = " (so few say little)"
    elif held_out.interval is not None:
        between = f" (95 % interval {held_out.interval[0]:.2f} to {held_out.interval[1]:.2f})"
    from annotator.training.curve import figure

    print_message(f"F {figure(held_out.f1)} on {where}{between}")
    if training.base_f1 is not None:
        print_message(f"before it learnt on: F {figure(training.base_f1)}")
    if training.held_out_part == "dev":
        print_message("the best state was chosen on dev, so that this flatters it; 80/10/10 has a test")
    errors = held_out.figures.errors
    kinds = {
        "missed": errors.missed,
        "spurious": errors.spurious,
        "with another label": errors.label,
        "with other edges": errors.boundary,
        "with both": errors.both,
    }
    said = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
    if training.errors is not None:
        print_message(f"errors: {said}; look at them, one suggestion each:")
        language = training.recipe.base.language
        print_message(f"  annotator annotate --store {training.errors} --model blank:{language}")
    print_message(f"use it: annotator annotate --model {training.folder}")


def _print_figures(held_out: HeldOut) -> None:
    """The figures by label on stdout."""
    from annotator.training.curve import figure

    figures = held_out.figures
    by_label = sorted(figures.by_label.items(), key=lambda item: (-item[1].spans_a, item[0]))
    rows = [
        [
            label,
            *(f"{figure(value):>5}" for value in (counts.precision, counts.recall, counts.f1)),
            f"{counts.spans_a:>5,}",
        ]
        for label, counts in [*by_label, ("all", figures.strict)]
    ]
    print_table(["label", "    P", "    R", "    F", "spans"], rows, last_is_long=False)


def _say_point(point: Point) -> None:
    from annotator.training.curve import figure

    print_message(f"curve: {point.share:.0%} of train, {counted(point.spans, 'span')}: F {figure(point.f1)}")


def _say_curve(points: list[Point]) -> None:
    from annotator.training.curve import figure, plot, verdict

    rows = [
        [f"{point.share:>5.0%}", f"{point.documents:>9,}", f"{point.spans:>7,}", f"{figure(point.f1):>5}"]
        for point in points
    ]
    print_lines()
    print_table(["train", "documents", "  spans", "    F"], rows, last_is_long=False)
    print_lines()
    print_lines(*plot(points))
    print_lines(verdict(points))
