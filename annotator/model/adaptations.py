"""Attempts to adapt a copy of a pipeline to what an annotator has finished, as a store keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints
from pydantic.dataclasses import dataclass

from annotator.model.validation import STRICT, Count, Flag, Score, Seconds, Version

CopyFolder = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]*$")]
"""The name of a copy's folder: it comes from a file, so it cannot lead anywhere else."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Adaptation:
    """One attempt: when, on what, and how it scored on the held-out documents, base and before and after.

    `finished` is how many documents the annotator had finished. `base` is the name of the pipeline that it began with.
    `folder`, its name in the store, is empty unless the copy was taken; `failed` says why there is none, if none was
    made. Scores are strict F1, None where undefined.
    """

    when: str
    base: str
    finished: Count = 0
    failed: str = ""
    folder: CopyFolder = ""
    learnt_from: Count = 0
    rehearsed: Count = 0
    held_out: Count = 0
    base_f1: Score | None = None
    before_f1: Score | None = None
    after_f1: Score | None = None
    new_labels: tuple[str, ...] = ()
    unteachable: Count = 0
    seconds: Seconds = 0.0
    meanings: Mapping[str, str | None] | None = None
    """What the copy's labels meant in the project when it learnt."""

    @property
    def is_taken(self) -> bool:
        """True if the copy was good enough to suggest."""
        return bool(self.folder)


@dataclass(frozen=True, slots=True, config=STRICT)
class AdaptingState:
    """Whether an annotator has switched adapting on or off in a store, which copy suggests, and the last attempt."""

    is_on: Flag | None = None
    """None leaves it to the settings."""
    in_use: Adaptation | None = None
    last: Adaptation | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AdaptingHeader:
    """The one record of the table `adapting`: the file's version, and whether adapting is switched on."""

    uid: str
    schema_version: Version
    is_on: Flag | None = None
