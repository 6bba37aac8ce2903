"""`annotator review`: settle where annotators differ, and so make gold."""

from __future__ import annotations

import enum
import sys
from typing import Annotated

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import AnnotatorOption, ModelOption, StoreOption, store_path


class Preselect(enum.StrEnum):
    """What proposes a version for each conflict."""

    MAJORITY = "majority"
    WEIGHTED = "weighted"


def review(
    store: StoreOption = None,
    annotator: AnnotatorOption = None,
    annotators: Annotated[
        str | None,
        typer.Option(
            "--annotators",
            help="Whose work is reviewed, with commas; by default of all who finished anything.",
            show_default=False,
        ),
    ] = None,
    minimum: Annotated[
        int, typer.Option("--minimum", min=1, help="How many must have finished a document.")
    ] = 2,
    preselect: Annotated[
        Preselect,
        typer.Option(
            "--preselect",
            help="What proposes a version: most votes, or votes weighted with each annotator's reliability, from three on.",
        ),
    ] = Preselect.MAJORITY,
    spot_check: Annotated[
        float,
        typer.Option(
            "--spot-check", min=0.0, max=1.0, help="The share of spans that all agree on to look at as well."
        ),
    ] = 0.0,
    seed: Annotated[
        int, typer.Option("--seed", help="Draws the spot checks, and the letters for names.")
    ] = 0,
    hide_names: Annotated[
        bool, typer.Option("--hide-names", help="Show letters instead of annotators' names.")
    ] = False,
    with_model: Annotated[
        bool,
        typer.Option("--with-model", help="Let the model's cached suggestions be one more annotator."),
    ] = False,
    model: ModelOption = None,
) -> None:
    """Settle, conflict by conflict, where annotators differ; the result is the gold set.

    Example: annotator review --store news --annotator lea --spot-check 0.05
    """
    from annotator.cli.annotate import check_terminal
    from annotator.settings import annotator_name, read_settings
    from annotator.store.layout import check_annotator
    from annotator.workspace.review.workspace import ReviewOptions, ReviewWorkspace

    settings = read_settings()
    reviewer = check_annotator(annotator_name(annotator, settings))
    check_terminal()
    workspace = ReviewWorkspace(
        opened_store(store_path(store)),
        reviewer=reviewer,
        settings=settings,
        model=model,
        options=ReviewOptions(
            names=[name for part in (annotators or "").split(",") if (name := part.strip())],
            minimum=minimum,
            is_weighted=preselect is Preselect.WEIGHTED,
            check_share=spot_check,
            seed=seed,
            hides_names=hide_names,
            takes_model=with_model,
        ),
    )
    from annotator.tui.review_app import run

    sys.exit(run(workspace))
