"""Plots have a curve a run, and the levels that they are given."""

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import zipml  # noqa: E402
from matplotlib import pyplot  # noqa: E402


def test_curves_and_levels(rows):
    X, y = rows
    records = [zipml.LinearRegression(epochs=3, estimator=name).fit(X, y) for name in ("naive", "double")]
    _, ax = pyplot.subplots()
    zipml.plot.curves(*records, mine=records[0].record_, against="bytes_moved", ax=ax)
    assert [line.get_label() for line in ax.lines] == ["naive, 3 bits", "double, 3 bits", "mine"]
    assert len(ax.lines[0].get_xdata()) == 4
    _, ax = pyplot.subplots()
    zipml.plot.levels(X[:, 0], zipml.optimal_levels(X[:, 0], 8), ax=ax)
    assert len(np.asarray(ax.lines[0].get_xdata())) == 8
