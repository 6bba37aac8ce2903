"""The training process: `python -m annotator.training.trainer CONFIG OUTPUT GPU [TRAIN]` runs spaCy's own loop.

It says what it does in JSON, one value a line, on standard output:

    {"evaluated": step, "epoch": .., "loss": .., "score": .., "labels": {"PERSON": F, ..}}
    {"ended": true, "stopped": if it was told to} or {"failed": "why", "errno": .. or null}

It stops after the step it is in as soon as its standard input ends, so that whoever started it stops it by closing
that, and a dead parent leaves no training behind. The best state so far is in OUTPUT/model-best at any time. TRAIN
is trained on instead of the configuration's own documents.
"""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from annotator.child_processes.child_side import Parent
from annotator.training.recipe import SPANS_KEY

_LOGGER = "annotator.TrainingLines.v1"
_FAILURES = (ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, MemoryError)
_MORE_FAILURES = (OSError, RuntimeError, TypeError, ValueError)
"""What spaCy and its libraries raise about data, configurations, devices and disks."""

Say = Callable[[Mapping[str, Any]], None]


class _Stopped(Exception):  # noqa: N818 - it is no error
    """The parent has closed our input."""


def main(config: str, output: str, gpu: str = "-1", train: str = "") -> None:
    """Train by a configuration until it ends or standard input does."""
    is_over = threading.Event()
    parent = Parent(on_gone=is_over.set)
    say = parent.send
    try:
        _train(Path(config), Path(output), int(gpu), train, say, is_over)
    except _Stopped:
        say({"ended": True, "stopped": True})
    except _FAILURES + _MORE_FAILURES as error:
        reason = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
        say({"failed": reason, "errno": error.errno if isinstance(error, OSError) else None})
    else:
        say({"ended": True, "stopped": False})


def _train(config_path: Path, output: Path, gpu: int, train: str, say: Say, is_over: threading.Event) -> None:
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as spacy_train
    from spacy.util import load_config, registry
    from thinc.api import require_gpu

    if gpu >= 0:
        require_gpu(gpu)
    config = load_config(config_path, overrides={"paths.train": train} if train else {}, interpolate=False)
    own_logger = config["training"]["logger"]

    def lines() -> Callable[..., tuple[Callable[[dict[str, Any] | None], None], Callable[[], None]]]:
        def set_up(
            nlp: Any, *_: object
        ) -> tuple[Callable[[dict[str, Any] | None], None], Callable[[], None]]:
            nlp.config["training"]["logger"] = own_logger  # what is saved must train where this module is not

            def step(info: dict[str, Any] | None) -> None:
                if info is not None:
                    say(_evaluated(info))
                if is_over.is_set():
                    raise _Stopped

            return step, lambda: None

        return set_up

    registry.loggers.register(_LOGGER, func=lines)
    config["training"]["logger"] = {"@loggers": _LOGGER}
    nlp = init_nlp(config, use_gpu=gpu)
    spacy_train(nlp, output, use_gpu=gpu, stdout=io.StringIO(), stderr=io.StringIO())


def _evaluated(info: Mapping[str, Any]) -> dict[str, Any]:
    scores = info["other_scores"]
    by_label = scores.get("ents_per_type") or scores.get(f"spans_{SPANS_KEY}_per_type") or {}
    return {
        "evaluated": info["step"],
        "epoch": info["epoch"],
        "loss": float(sum(info["losses"].values())),
        "score": float(info["score"]),
        "labels": {label: float(figures["f"]) for label, figures in by_label.items()},
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
