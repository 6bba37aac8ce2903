"""The arrays that this room passes around, as types for annotations, and the one step on them that numpy lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Ints: TypeAlias = "NDArray[np.int64]"
Values: TypeAlias = "NDArray[np.int32]"
"""Nominal values, of which there are many: annotators by tokens."""
Floats: TypeAlias = "NDArray[np.float64]"
Bools: TypeAlias = "NDArray[np.bool_]"


def expanded(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Each position with each member of its range from `first` to before `last`; a range may be empty or inverted."""
    import numpy as np

    counts = np.maximum(last - first, 0)
    position = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(position)) - np.repeat(np.cumsum(counts) - counts, counts)
    return position, np.repeat(first, counts) + within
