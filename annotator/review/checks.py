"""Spot checks: which unanimous spans a person is to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from annotator.review.conflicts import Conflict, Key

_RANGE = 2**64


def spot_checked(
    unanimous: Iterable[Conflict], *, document_id: str, share: float, seed: int = 0
) -> frozenset[Key]:
    """A share, in [0, 1], of the unanimous spans.

    Whether one is among them depends on the seed, the document and the span alone: another annotator's arrival does
    not draw anew, and a larger share holds a smaller one.
    """
    keys = [key for conflict in unanimous for key in conflict.keys]
    return frozenset(key for key in keys if _draw(seed, document_id, key) < share * _RANGE)


def _draw(seed: int, document_id: str, key: Key) -> int:
    """A number below _RANGE that looks drawn at random."""
    name = "\n".join((str(seed), document_id, *map(str, key))).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(name).digest()[:8])
