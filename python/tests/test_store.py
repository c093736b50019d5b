"""Stores hold rows rounded to their levels, in the bytes that they say, and do not copy what they are given."""

import numpy as np
import pytest

import zipml


@pytest.mark.parametrize("grid", ["uniform", "optimal"])
@pytest.mark.parametrize("copies", [1, 2, 3])
def test_rows_are_rounded_to_neighbouring_levels(rows, grid, copies):
    X, _ = rows
    store = zipml.SampleStore(X, bits=3, grid=grid, copies=copies)
    assert store.shape == X.shape == (len(store), X.shape[1])
    decoded = store.decode()
    assert decoded.shape == (copies, *X.shape) and decoded.dtype == np.float32
    for f in range(X.shape[1]):
        levels = store.levels(f)
        assert len(levels) == 8 and levels[0] == X[:, f].min() and levels[-1] == X[:, f].max()
        above = np.clip(np.searchsorted(levels, X[:, f]), 1, 7)
        for copy in decoded:
            near = np.isclose(copy[:, f], levels[above], rtol=1e-6) | np.isclose(copy[:, f], levels[above - 1], rtol=1e-6)
            assert near.all()
    np.testing.assert_array_equal(store.decode(5, 9), decoded[:, 5:9])


def test_rounding_has_no_bias(rows):
    X = np.repeat(rows[0][:50], 400, axis=0)
    mean = zipml.SampleStore(X, bits=2).decode()[0].reshape(50, 400, -1).mean(axis=1)
    gap = np.ptp(X, axis=0) / 3
    assert np.all(np.abs(mean - rows[0][:50]) < 5 * gap / 2 / np.sqrt(400))


def test_bytes_are_bits(rows):
    X = np.tile(rows[0], (10, 1))
    for bits in (1, 2, 4, 8):
        store = zipml.SampleStore(X, bits=bits)
        assert store.bits_per_code == bits and store.nbytes == X.size * bits // 8 == len(store.packed)
    assert zipml.SampleStore(X, bits=4, copies=2).bits_per_code == 5
    packed = store.packed
    assert not packed.flags.writeable
    del store
    assert packed.sum() > 0  # it keeps the store


def test_what_it_is_given_stays_and_is_read_in_place(rows):
    X = rows[0].copy()
    X.flags.writeable = False
    a = zipml.SampleStore(X, seed=3)
    b = zipml.SampleStore(np.asfortranarray(X, dtype=np.float64), seed=3)
    np.testing.assert_array_equal(a.packed, b.packed)
    np.testing.assert_array_equal(X, rows[0])
    assert (zipml.SampleStore(X, seed=4).packed != a.packed).any()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bits": 17}, "bits: 17"),
        ({"copies": 9}, "copies: 9"),
        ({"rounding": "up"}, "rounding: 'up'"),
        ({"grid": "best"}, "best"),
        ({"X": [1.0, 2.0]}, "dimensions"),
        ({"X": [[1.0, np.inf]]}, "not finite"),
        ({"X": np.empty((0, 3))}, "no values"),
    ],
)
def test_what_is_wrong_is_said(rows, wrong, said):
    with pytest.raises(ValueError, match=said):
        zipml.SampleStore(**{"X": rows[0], **wrong})
