"""Removals: documents that somebody took out of a store, so that no merge and no import brings them back unasked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from pydantic.dataclasses import dataclass

from annotator.model.validation import STRICT


@dataclass(frozen=True, slots=True, config=STRICT)
class Removal:
    """One document that was taken out, by its id and the sha256 of its text, by `who`.

    `when` is UTC in ISO 8601; `withdrawn` is when it was let in again, or empty.
    """

    uid: str
    document: str
    sha256: str
    title: str
    who: str
    when: str
    withdrawn: str = ""


def restoring(removals: Iterable[Removal], documents: Collection[str], *, when: str) -> tuple[Removal, ...]:
    """The same, with these documents let in again."""
    return tuple(
        replace(removal, withdrawn=when)
        if removal.document in documents and not removal.withdrawn
        else removal
        for removal in removals
    )


def removed_texts(removals: Iterable[Removal]) -> dict[tuple[str, str], Removal]:
    """What is to stay out, by id and sha256: another text under the id of a removed one is another document."""
    return {(removal.document, removal.sha256): removal for removal in removals if not removal.withdrawn}
