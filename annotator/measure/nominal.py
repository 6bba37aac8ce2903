"""Chance-corrected agreement on nominal values: Cohen's kappa for two, Krippendorff's alpha for any number.

Values are whole numbers from 0; a negative one is missing.
"""

from __future__ import annotations

from annotator.measure.arrays import Ints, Values


def cohen_kappa(a: Ints | Values, b: Ints | Values) -> float | None:
    """Cohen's kappa (1960) of two arrays of values, over the units where neither is missing.

    None where it is undefined: no unit, or a single value everywhere, so that chance alone agrees fully.
    """
    import numpy as np

    both = (a >= 0) & (b >= 0)
    a, b = a[both], b[both]
    size = 1 + max(int(a.max(initial=0)), int(b.max(initial=0)))
    units = len(a)
    agreed = int((a == b).sum())
    by_chance = int((np.bincount(a, minlength=size) * np.bincount(b, minlength=size)).sum())
    beyond_chance = units * units - by_chance
    return (units * agreed - by_chance) / beyond_chance if beyond_chance else None


def krippendorff_alpha(values: Ints | Values) -> float | None:
    """Krippendorff's alpha (2004, 2011) for nominal values: a matrix of annotators by units, missing data allowed.

    Units with fewer than two values are left out. With n values in all, n_c of them c, and a unit's m values of which
    m_c are c, disagreement is the sum over units of (m² - Σ m_c²) / (m - 1), expected is (n² - Σ n_c²) / (n - 1).
    None where it is undefined: nothing to compare, or a single value everywhere.
    """
    import numpy as np

    present = values >= 0
    values = values[:, present.sum(axis=0) >= 2]
    if not values.size:
        return None
    present = values >= 0
    totals = np.bincount(values[present])
    size = int(totals.sum())
    expected = (size * size - int((totals * totals).sum())) / (size - 1)
    if not expected:
        return None
    # Most units are unanimous and add no disagreement; only the others are counted out.
    lowest = np.where(present, values, len(totals)).min(axis=0)
    values = values[:, lowest != values.max(axis=0)]
    observed = 0.0
    if values.size:
        present = values >= 0
        found, code = np.unique(values[present], return_inverse=True)
        unit = np.nonzero(present)[1]
        counts = np.bincount(unit * len(found) + code, minlength=values.shape[1] * len(found))
        counts = counts.reshape(-1, len(found))
        units = counts.sum(axis=1)
        observed = float(((units * units - (counts * counts).sum(axis=1)) / (units - 1)).sum())
    return 1 - observed / expected
