"""What people tell memory by hand, as a store keeps it; what memory learns from decisions is not kept, but rebuilt."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass

from annotator.model.decisions import By
from annotator.model.validation import STRICT, Count, Version


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("it is empty")
    return text


Surface = Annotated[str, AfterValidator(_not_empty)]
"""The text of a form as it stands in documents, or a label. (A length constraint would refuse lone surrogates.)"""


class Outcome(enum.StrEnum):
    """What became of a text under a label."""

    ACCEPTED = "accepted"
    """A span of this text and label stands, whoever proposed it."""
    RELABELLED = "relabelled"
    """It was suggested so, and a person gave it another label."""
    RESIZED = "resized"
    """It was suggested so, and a person gave it other edges, and perhaps another label as well."""
    REJECTED = "rejected"
    """It was suggested so, and a person said that it is nothing."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MemoryHeader:
    """The one record of the table `memory`: the file's version."""

    uid: str
    schema_version: Version


@dataclass(frozen=True, slots=True, config=STRICT)
class PinnedForm:
    """A form that is always suggested, with this label."""

    surface: Surface
    label: Surface


@dataclass(frozen=True, slots=True, config=STRICT)
class BlockedForm:
    """A form that is never suggested."""

    surface: Surface


@dataclass(frozen=True, slots=True, config=STRICT)
class OutcomeCount:
    """How many `times` a form was decided on under a label with this outcome, in this way."""

    label: str
    outcome: Outcome
    by: By
    times: Count


@dataclass(frozen=True, slots=True, config=STRICT)
class ForgottenForm:
    """A form that starts afresh: these counts of it are left out."""

    surface: Surface
    counts: tuple[OutcomeCount, ...] = ()


EditedForm = PinnedForm | BlockedForm | ForgottenForm


@dataclass(frozen=True, slots=True, config=STRICT)
class MemoryEdits:
    """All that people told memory in one store, sorted by form, so that a diff of the file shows what was edited."""

    pinned: tuple[PinnedForm, ...] = ()
    blocked: tuple[BlockedForm, ...] = ()
    forgotten: tuple[ForgottenForm, ...] = ()


def united_edits(ours: MemoryEdits, theirs: MemoryEdits) -> MemoryEdits:
    """What both have told memory; ValueError, which names the form, if they told it different things of one.

    Of a form that both made it forget, the greater counts are left out.
    """
    forms: dict[str, EditedForm] = {}
    for edits in (ours, theirs):
        edited: tuple[EditedForm, ...] = (*edits.pinned, *edits.blocked, *edits.forgotten)
        for form in edited:
            other = forms.setdefault(form.surface, form)
            if isinstance(form, ForgottenForm) and isinstance(other, ForgottenForm):
                forms[form.surface] = ForgottenForm(form.surface, _greater(other.counts, form.counts))
            elif other != form:
                raise ValueError(f"memory was told different things of {form.surface!r}")
    ordered = [forms[surface] for surface in sorted(forms)]
    return MemoryEdits(
        tuple(form for form in ordered if isinstance(form, PinnedForm)),
        tuple(form for form in ordered if isinstance(form, BlockedForm)),
        tuple(form for form in ordered if isinstance(form, ForgottenForm)),
    )


def _greater(ours: tuple[OutcomeCount, ...], theirs: tuple[OutcomeCount, ...]) -> tuple[OutcomeCount, ...]:
    greatest: dict[tuple[str, Outcome, By], OutcomeCount] = {}
    for count in (*ours, *theirs):
        key = (count.label, count.outcome, count.by)
        if key not in greatest or count.times > greatest[key].times:
            greatest[key] = count
    return tuple(greatest[key] for key in sorted(greatest))
