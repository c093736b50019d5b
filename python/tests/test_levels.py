"""Levels are the best there are, and what is wrong is said."""

from itertools import combinations

import numpy as np
import pytest

import zipml


def variance(x, levels):
    levels = np.asarray(levels)
    upper = np.clip(np.searchsorted(levels, x), 1, len(levels) - 1)
    return np.mean((levels[upper] - x) * (x - levels[upper - 1]))


def test_no_other_levels_have_less_variance():
    x = np.random.default_rng(1).normal(size=12).astype(np.float32).astype(float)
    inner = np.sort(x)[1:-1]
    for k in (2, 3, 5):
        best = min(variance(x, np.sort([x.min(), x.max(), *chosen])) for chosen in combinations(inner, k - 2))
        found = zipml.optimal_levels(x, k)
        assert len(found) == k and set(found) <= set(x)
        assert variance(x, found) == pytest.approx(best, rel=1e-12)


def test_any_shape_and_type_is_taken():
    x = np.arange(12.0).reshape(3, 4)
    expected = zipml.optimal_levels(x.ravel(), 4)
    for same in (x, x.T.copy(), x.astype(np.float32), x.astype(int), x[:, ::-1], list(map(list, x))):
        np.testing.assert_array_equal(zipml.optimal_levels(same, 4), expected)


def test_few_values_are_all_levels():
    np.testing.assert_array_equal(zipml.optimal_levels([3, 1, 1, 2], 8), [1, 2, 3])
    np.testing.assert_array_equal(zipml.optimal_levels([5, 5], 2), [5])


def test_placements():
    x = np.random.default_rng(2).normal(size=1000)
    optimal = zipml.rounding_variance(x, zipml.optimal_levels(x, 8))
    for grid in ("uniform", "candidates:64", "greedy", "quantile", "lloyd-max", "logarithmic"):
        levels = zipml.place_levels(x, 8, grid)
        assert 2 <= len(levels) <= 8 and np.all(np.diff(levels) > 0)
        assert zipml.rounding_variance(x, levels) >= optimal * (1 - 1e-9)
    assert optimal == pytest.approx(variance(x.astype(np.float32).astype(float), zipml.optimal_levels(x, 8)))


@pytest.mark.parametrize(
    ("x", "k", "said"),
    [
        ([1, 2], 1, "k: 1"),
        ([1, 2], 2.5, "k: 2.5"),
        ([], 2, "x: has no values"),
        ([1, np.nan], 2, "not finite"),
        ([1, 1e300], 2, "not finite"),
    ],
)
def test_what_is_wrong_is_said(x, k, said):
    with pytest.raises(ValueError, match=said):
        zipml.optimal_levels(x, k)
