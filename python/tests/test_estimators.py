"""The estimators learn, go on, keep what they are given, and pass scikit-learn's own checks."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

import zipml

ALL = [zipml.LinearRegression, zipml.LogisticRegression, zipml.LinearSVC]


def test_sklearn_checks_pass():
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    for kind in ALL:
        checks.check_estimator(kind())


def test_coefficients_are_near_the_exact_ones(rows):
    X, y = rows
    exact, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]).astype(float), y, rcond=None)
    fitted = zipml.LinearRegression(bits=8, epochs=100).fit(X, y)
    np.testing.assert_allclose(fitted.coef_ * X.std(axis=0), exact[:-1] * X.std(axis=0), atol=0.02)
    assert fitted.score(X, y) > 0.99
    np.testing.assert_allclose(fitted.predict(X), X @ fitted.coef_ + fitted.intercept_, rtol=1e-4, atol=1e-4)


def test_naive_rounding_is_biased_and_double_sampling_is_not(rows):
    X, y = rows
    errors = {}
    for estimator in ("naive", "double", "full"):
        errors[estimator] = 1 - zipml.LinearRegression(bits=2, estimator=estimator, epochs=200).fit(X, y).score(X, y)
    assert errors["naive"] > 10 * errors["full"]
    assert errors["double"] < errors["naive"] / 2


@pytest.mark.parametrize("kind", ALL[1:])
def test_classes_of_any_kind(kind):
    draws = np.random.default_rng(3)
    centres = draws.normal(size=(3, 4)) * 4
    codes = draws.integers(3, size=300)
    X = (centres[codes] + draws.normal(size=(300, 4))).astype(np.float32)
    names = np.array(["oak", "ash", "elm"])[codes]
    three = kind().fit(X, names)
    assert list(three.classes_) == ["ash", "elm", "oak"] and three.coef_.shape == (3, 4)
    assert three.score(X, names) > 0.9 and three.decision_function(X).shape == (300, 3)
    two = kind().fit(X[codes < 2], names[codes < 2])
    assert two.coef_.shape == (1, 4) and two.score(X[codes < 2], names[codes < 2]) > 0.9
    if kind is zipml.LogisticRegression:
        for fitted in (two, three):
            shares = fitted.predict_proba(X)
            np.testing.assert_allclose(shares.sum(axis=1), 1)
            assert (fitted.classes_[shares.argmax(axis=1)] == fitted.predict(X)).all()


def test_partial_fit_goes_on(rows):
    X, y = rows
    once = zipml.LinearRegression(epochs=3).fit(X, y)
    parts = zipml.LinearRegression()
    for _ in range(3):
        parts.partial_fit(X, y)
    np.testing.assert_allclose(parts.coef_, once.coef_, rtol=1e-12)
    assert parts.n_iter_ == 3 and [epoch["epoch"] for epoch in parts.record_["epochs"]] == [1, 2, 3]
    parts.partial_fit(X[:7], y[:7])  # other rows, few of them
    assert np.isfinite(parts.coef_).all()


@pytest.mark.parametrize("kind", ALL[1:])
def test_partial_fit_of_classes_that_come_later(kind):
    draws = np.random.default_rng(5)
    codes = np.sort(draws.integers(3, size=900))
    X = (np.eye(3)[codes] * 5 + draws.normal(size=(900, 3))).astype(np.float32)
    going = kind(batch=4)
    with pytest.raises(ValueError, match="classes: are to be given"):
        going.partial_fit(X, codes)
    for part in np.array_split(draws.permutation(900), 6):
        going.partial_fit(X[part], codes[part], classes=[0, 1, 2])
    assert going.score(X, codes) > 0.85
    going.partial_fit(X[:50], codes[:50])  # of one class alone
    with pytest.raises(ValueError, match="none of the classes"):
        going.partial_fit(X[:2], [0, 7])


@pytest.mark.parametrize("kind", ALL)
def test_equal_seeds_equal_models_whatever_threads(rows, kind):
    X, y = rows
    y = y if kind is zipml.LinearRegression else y > np.median(y)
    a, b = kind(n_jobs=1, epochs=5).fit(X, y), kind(n_jobs=4, epochs=5).fit(X.astype(np.float64), y)
    np.testing.assert_array_equal(a.coef_, b.coef_)
    assert (kind(random_state=2, epochs=5).fit(X, y).coef_ != a.coef_).any()


def test_rows_are_not_written_to_and_not_copied(rows):
    X, y = rows
    X = X.copy()
    X.flags.writeable = False
    assert zipml.LinearRegression().why_copied() == ""
    zipml.LinearRegression(epochs=2).fit(X, y)
    for kept, changed in [
        ({"estimator": "full", "bits": 32}, "full"),
        ({"scaling": "row-unit"}, "row-unit"),
        ({"options": {"bias_draws": 4}}, "bias_draws"),
        ({"options": {"split": 0.5}}, "split"),
    ]:
        estimator = zipml.LinearRegression(epochs=2, **kept)
        assert changed in estimator.why_copied()
        assert estimator.fit(X, y).score(X, y) > -1
    np.testing.assert_array_equal(X, rows[0])


@pytest.mark.parametrize("settings", [{"grid": "optimal", "bits": 2}, {"estimator": "corrected"}, {"scaling": "minmax"},
                                      {"scaling": "none", "step": 1e-7}, {"options": {"rounding": "epoch"}},
                                      {"options": {"order": "file"}}, {"estimator": "nearest"}], ids=str)
def test_a_copy_gives_the_same_model(rows, settings):
    X, y = rows
    options = settings.get("options", {})
    settings = {**settings, "epochs": 3}
    in_place = zipml.LinearRegression(**settings)
    copied = zipml.LinearRegression(**{**settings, "options": {**options, "bias_draws": 2, "bias_rows": 2}})
    assert in_place.why_copied() == "" and copied.why_copied()
    a, b = in_place.fit(X, y).record_, copied.fit(X, y).record_
    assert a["model"] == b["model"] and a["step"] == b["step"] and a["store"] == b["store"]
    for ours, theirs in zip(a["epochs"], b["epochs"], strict=True):
        assert ours["train_loss"] == pytest.approx(theirs["train_loss"], rel=1e-5)


def test_records_callbacks_and_pickles(rows):
    X, y = rows
    heard = []
    fitted = zipml.LinearRegression(epochs=5, callback=heard.append).fit(X, y)
    assert heard == fitted.record_["epochs"] and fitted.record_["final"]["train_loss"] == heard[-1]["train_loss"]
    fitted.set_params(callback=None)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))
    again.partial_fit(X, y)
    assert again.n_iter_ == 6
    pytest.importorskip("pandas")
    assert list(fitted.record_frame().index) == [0, 1, 2, 3, 4, 5]


def test_divergence_is_a_warning(rows):
    X, y = rows
    with pytest.warns(UserWarning, match="diverged in epoch 1"):
        zipml.LinearRegression(step=1e6, epochs=3).fit(X, y)


def test_without_sklearn():
    code = """
import sys
sys.modules["sklearn"] = sys.modules["sklearn.base"] = None
import numpy as np, zipml
X = np.random.default_rng(1).normal(size=(200, 5)).astype(np.float32)
fitted = zipml.LinearRegression(epochs=20).fit(X, X.sum(axis=1))
assert fitted.score(X, X.sum(axis=1)) > 0.9 and fitted.n_features_in_ == 5
assert fitted.set_params(bits=5).get_params()["bits"] == 5 and repr(fitted) == "LinearRegression(bits=5, epochs=20)"
assert zipml.LinearSVC().fit(X, X[:, 0] > 0).score(X, X[:, 0] > 0) > 0.9
try:
    zipml.LinearRegression().predict(X)
except ValueError as error:
    assert "not fitted" in str(error)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
