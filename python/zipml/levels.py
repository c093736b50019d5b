"""Where the levels stand that values are rounded to."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core


def optimal_levels(x: ArrayLike, k: int, *, threads: int = 0) -> NDArray[np.float64]:
    """The levels with the least mean rounding variance, exactly.

    A value between neighbouring levels ``a`` and ``b`` that is rounded at random, so that its mean stays what it is, has
    the variance ``(b - x)(x - a)``. Of all sets of at most ``k`` levels from the least value to the greatest this one
    has the least mean of it over `x`.

    Parameters
    ----------
    x : finite numbers of any shape, taken as float32.
    k : how many levels, 2 or more.
    threads : that sort; 0: one a core. The result does not depend on it.

    Returns
    -------
    Ascending levels, each one of the values; fewer than `k` where there are fewer distinct values.
    """
    return place_levels(x, k, "optimal", threads=threads)


def place_levels(x: ArrayLike, k: int, grid: str = "optimal", *, threads: int = 0) -> NDArray[np.float64]:
    """At most `k` levels, placed as `grid` says.

    `grid` is what ``zipml train --grid`` takes: uniform, optimal, candidates:M, greedy, quantile, lloyd-max,
    logarithmic.
    """
    levels: NDArray[np.float64] = _core.place_levels(_values(x), _count(k), grid, threads)
    return levels


def rounding_variance(x: ArrayLike, levels: ArrayLike, *, threads: int = 0) -> float:
    """Mean of ``(b - x)(x - a)`` over the values, a and b the levels beside each.

    Values beyond the first or the last level are moved to it, and count 0.
    """
    return _core.rounding_variance(_values(x), np.ascontiguousarray(levels, dtype=np.float64).ravel(), threads)


def _values(x: ArrayLike) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):  # what becomes infinite is refused
        return np.ascontiguousarray(x, dtype=np.float32).reshape(-1)


def _count(k: int) -> int:
    if int(k) != k or k < 2:
        raise ValueError(f"k: {k} is no number of levels; ask for 2 or more")
    return int(k)
