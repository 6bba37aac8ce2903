"""The commands that start worker processes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annotator.child_processes.parent_side import python_command

if TYPE_CHECKING:
    from annotator.suggest.sources.resolution import ResolvedPipeline


def worker_command(source: str, name: str, patterns: str = "") -> list[str]:
    """The command of a worker for a pipeline and, if any, a file of patterns."""
    command = python_command("annotator.suggest.worker.worker", source, name)
    return [*command, patterns] if patterns else command


def pipeline_command(pipeline: ResolvedPipeline, *, steps_back: bool = True) -> list[str]:
    """The command of a worker for a pipeline with its patterns and plug-ins.

    It steps back for other processes unless nothing else is wanted of the machine.
    """
    command = worker_command(pipeline.source, pipeline.name, pipeline.patterns)
    extras: dict[str, Any] = {}
    if pipeline.plugins:
        extras = {
            "plugins": [plugin.name for plugin in pipeline.plugins],
            "labels": pipeline.labels,
            "mapped": pipeline.mapped_labels,
        }
    if not steps_back:
        extras["steps_back"] = False
    if not extras:
        return command
    return [*command, *[""] * (not pipeline.patterns), json.dumps(extras)]
