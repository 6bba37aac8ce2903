"""The arrays that this room passes around, as types; for annotations only, since numpy is loaded late."""

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
