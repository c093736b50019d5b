"""Rows rounded and packed to a few bits a value."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core


class SampleStore:
    """Rows as training reads them: each value rounded to a level of its feature's grid, bit-packed.

    Parameters
    ----------
    X : rows of finite numbers. A C-contiguous float32 array is read where it lies; others are converted first.
    bits : of a level's number, 1 to 16: 2**bits levels a feature.
    grid : how levels are placed: uniform, optimal, candidates:M, greedy, quantile, lloyd-max, logarithmic.
    copies : independent roundings of each value, 1 to 8. Two, for double sampling, take one bit more than one.
    rounding : stochastic, so that the mean is the value itself, or nearest.
    seed : equal seeds give equal codes.
    shared_grid : one grid for all features (grid uniform alone).
    threads : 0: one a core. The codes do not depend on it.
    """

    def __init__(
        self,
        X: ArrayLike,
        bits: int = 4,
        grid: str = "uniform",
        *,
        copies: int = 1,
        rounding: str = "stochastic",
        seed: int = 1,
        shared_grid: bool = False,
        threads: int = 0,
    ) -> None:
        rows = np.ascontiguousarray(X, dtype=np.float32)
        if rows.ndim != 2:
            raise ValueError(f"X: has {rows.ndim} dimensions; give rows and features")
        if not np.isfinite(rows.sum(dtype=np.float64)) and not np.isfinite(rows).all():
            raise ValueError("X: has values that are not finite as float32; leave such rows out")
        self.bits = bits
        self.grid = grid
        self.copies = copies
        self._packed = _core.PackedRows(rows, bits, grid, copies, rounding, seed, shared_grid, threads)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and features."""
        return self._packed.rows, self._packed.features

    def __len__(self) -> int:
        return self._packed.rows

    @property
    def nbytes(self) -> int:
        """Bytes of the packed codes."""
        return self._packed.nbytes

    @property
    def codebook_nbytes(self) -> int:
        """Bytes that decoding needs beside the codes."""
        return self._packed.codebook_nbytes

    @property
    def bits_per_code(self) -> int:
        """Bits that one value's roundings take together."""
        return self._packed.bits_per_code

    @property
    def packed(self) -> NDArray[np.uint8]:
        """The codes as they lie in memory, in tiles of 16 rows; read-only, no copy."""
        return self._packed.packed()

    def levels(self, feature: int) -> NDArray[np.float64]:
        """The ascending levels of a feature, from 0."""
        return self._packed.levels(feature)

    def decode(self, start: int = 0, stop: int | None = None) -> NDArray[np.float32]:
        """What rows were rounded to: copies x rows x features."""
        return self._packed.decode(start, len(self) if stop is None else stop)

    def __repr__(self) -> str:
        rows, features = self.shape
        return f"SampleStore({rows} x {features}, bits={self.bits}, grid='{self.grid}', copies={self.copies})"
