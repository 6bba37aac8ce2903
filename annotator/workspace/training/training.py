"""Training on a store: parts and configuration written, a pipeline trained and measured, its errors laid out."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.errors import OutputError
from annotator.formats.exchange import Problem, Report, TokensOf, WriteOptions
from annotator.formats.registry import named, write
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.training.curve import SHARES, Point, subsets
from annotator.training.held_out import HeldOut, measure_held_out
from annotator.training.recipe import Recipe
from annotator.training.runs import BEST, LAST, Evaluation, Run, run_training
from annotator.workspace.training.model_errors import write_errors
from annotator.workspace.training.preparation import Preparation, TrainingRequest, check_learnable
from annotator.workspace.transfer.exporting import selected
from annotator.workspace.transfer.splitting import CONFIG, SplitPlan, in_folder, plan_split, write_parts

ERRORS = "errors"
"""The store of what the pipeline did wrong, in the folder of a training."""
REPORT = "report.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A training that has ended: the model's folder, what it was trained and measured on, and how good it is.

    `base_f1` is what the base has on the same documents, if it learnt on and so has the same labels. `errors` is a
    store of the documents with errors, None where there are none. `problems` are what could not be
    written as it is, `problem_count` how many there were.
    """

    folder: Path
    plan: SplitPlan
    recipe: Recipe
    run: Run
    held_out_part: str
    held_out: HeldOut
    base_f1: float | None
    errors: Path | None
    problems: list[Problem]
    problem_count: int

    def as_json(self) -> dict[str, Any]:
        """All of it for programs; null where undefined."""
        best = self.run.best
        return {
            "model": str(self.folder),
            "base": self.recipe.base.source or f"blank:{self.recipe.base.language}",
            "continues": self.recipe.continues,
            "seed": self.recipe.seed,
            "parts": [
                {
                    "part": total.part,
                    "documents": total.documents,
                    "spans": total.spans,
                    "labels": dict(total.labels),
                }
                for total in self.plan.totals
            ],
            "steps": self.run.evaluations[-1].step,
            "best_step": best.step,
            "best_dev_f1": best.score,
            "seconds": round(self.run.seconds, 1),
            "stopped": self.run.is_stopped,
            "base_f1": self.base_f1,
            "held_out": {"part": self.held_out_part, **self.held_out.as_json()},
            "errors": str(self.errors) if self.errors is not None else None,
        }


def train_on(
    store: Store,
    target: Path,
    request: TrainingRequest,
    *,
    tokens: TokensOf,
    owner: str,
    on_plan: Callable[[SplitPlan, Recipe], None] | None = None,
    on_evaluation: Callable[[Evaluation], None] | None = None,
) -> Training:
    """Train a pipeline on what `request` selects and write it to the folder `target`, with all that it came from.

    There are then the parts as DocBin, `config.cfg`, `model-best`, `report.json`, and a store `errors` in which the
    set of `owner` has the held-out spans that the pipeline found, and the errors as suggestions. When nothing could
    be trained, `target` is not there. OutputError if it is there already or cannot be written; InputError if there
    is too little to learn from; ModelError if the base is missing or spaCy refuses; else as `selected`.
    """
    label_set = store.info.label_set
    if not in_folder(str(target), named("spacy")):
        raise OutputError(f"{target} is to be a folder", hint="give a name without .spacy")
    plan = plan_split(
        store,
        annotator=request.annotator,
        ratios=request.ratios,
        seed=request.seed,
        by=request.by,
        group=request.group,
    )
    check_learnable(plan, label_set)
    preparation = Preparation(store, plan, request, tokens)
    if on_plan is not None:
        on_plan(plan, preparation.recipe)
    report = Report()
    write_parts(
        store,
        plan,
        str(target),
        format="spacy",
        tokens=preparation.tokens,
        options=WriteOptions(on_misaligned=request.on_misaligned, nested=label_set.nested, provenance=True),
        report=report,
        beside=preparation.write_config,
        on_document=preparation.see,
    )
    with ExitStack() as undo:
        # A folder without a model would only stand in the way of the next try.
        undo.callback(shutil.rmtree, target, ignore_errors=True)
        run = run_training(target / CONFIG, target, gpu=request.gpu, on_evaluation=on_evaluation)
        undo.pop_all()
    shutil.rmtree(target / LAST, ignore_errors=True)
    _name(target)
    recipe = preparation.recipe
    held_out_part = plan.names[-1]
    held_out = _measured(store, plan, held_out_part, str(target / BEST))
    errors = write_errors(store, target / ERRORS, held_out.cases, owner=owner, language=recipe.base.language)
    training = Training(
        folder=target,
        plan=plan,
        recipe=recipe,
        run=run,
        held_out_part=held_out_part,
        held_out=held_out,
        base_f1=_measured(store, plan, held_out_part, recipe.base.source).f1 if recipe.continues else None,
        errors=errors,
        problems=report.problems,
        problem_count=report.problem_count,
    )
    content = json.dumps(training.as_json(), ensure_ascii=False, indent=2)
    (target / REPORT).write_text(f"{content}\n", encoding="utf-8")
    return training


def learning_curve(
    store: Store,
    training: Training,
    request: TrainingRequest,
    *,
    tokens: TokensOf,
    on_point: Callable[[Point], None] | None = None,
    on_evaluation: Callable[[Evaluation], None] | None = None,
) -> list[Point]:
    """Train on shares of the same training part, by the same configuration, and measure each on the same held-out part.

    The whole part is not trained on again. Nothing comes of it when it is stopped. The folder gets nothing but `report.json` with the curve in it.
    """
    plan, folder = training.plan, training.folder
    spans = {item.id: sum(item.labels.values()) for item in plan.items if plan.parts[item.id] == "train"}
    options = WriteOptions(
        on_misaligned=request.on_misaligned, nested=store.info.label_set.nested, provenance=True
    )
    points: list[Point] = []
    work = folder / ".curve"
    try:
        for share, ids in subsets(spans, seed=request.seed, shares=SHARES):
            held_out = training.held_out
            if share < 1:
                work.mkdir(exist_ok=True)
                chosen = selected(store, annotator=request.annotator, only=frozenset(ids))
                write(chosen, work / "train.spacy", format="spacy", tokens=tokens, options=options)
                run = run_training(
                    folder / CONFIG,
                    work,
                    gpu=request.gpu,
                    train=work / "train.spacy",
                    on_evaluation=on_evaluation,
                )
                if run.is_stopped:
                    return []
                held_out = _measured(store, plan, training.held_out_part, str(work / BEST))
            point = Point(share, len(ids), sum(spans[id] for id in ids), held_out.f1 or 0.0)
            points.append(point)
            if on_point is not None:
                on_point(point)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    content = {**training.as_json(), "curve": [point.as_json() for point in points]}
    (folder / REPORT).write_text(f"{json.dumps(content, ensure_ascii=False, indent=2)}\n", encoding="utf-8")
    return points


def _measured(store: Store, plan: SplitPlan, part: str, model: str) -> HeldOut:
    from annotator.suggest.sources.pipeline import Pipeline

    pipeline = resolve(model)
    chosen = selected(store, annotator=plan.annotator, takes_all=plan.takes_all, only=plan.ids(part))
    return measure_held_out(chosen, Pipeline(pipeline.source, name=pipeline.name))


def _name(folder: Path) -> None:
    """Call the pipeline by its folder, which is what the screen then shows."""
    path = folder / BEST / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["name"] = re.sub(r"\W+", "_", folder.resolve().name).strip("_") or "pipeline"
    path.write_text(json.dumps(meta, ensure_ascii=False, indent=2), encoding="utf-8")
