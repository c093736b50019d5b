"""Linear models trained on rounded samples, in the manner of scikit-learn."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._sklearn import (
    BaseEstimator,
    ClassifierMixin,
    ConvergenceWarning,
    RegressorMixin,
    check_classification_targets,
    check_is_fitted,
    check_random_state,
    validate_data,
)
from .records import Callback, Record, as_json, frame, told

if TYPE_CHECKING:
    import pandas

_ROWS_A_BLOCK = 65_536  # of predictions, which are made in float64

_PARAMETERS = """
    Parameters
    ----------
    bits : int
        Of a sample's level, 1 to 16: 2**bits levels a feature; 32: not rounded (with estimator full).
    estimator : str
        How gradients are estimated: full, naive, nearest, double, double-plain, double-mean, corrected, end-to-end,
        polynomial, refetch (hinge).
    grid : str
        How levels are placed: uniform, optimal, candidates:M, greedy, quantile, lloyd-max, logarithmic.
    epochs, batch : int
        Passes over the rows, and rows a step.
    step : float or "auto"
        Step size; auto: from the data, and no more than the roundings allow.
    schedule : str
        constant, inverse-epoch, inverse-sqrt, halve-every:N, list:F1,F2,...
    regularizer : str
        none, l2:LAMBDA, l1:LAMBDA, elastic:LAMBDA1,LAMBDA2, ball:R, box:LO,HI.
    scaling : str
        Of features, before they are rounded: standard, minmax, unit, max-abs, row-unit, none. Coefficients are for
        features as they are given (row-unit: for rows of length 1).
    fit_intercept : bool
        Whether there is an intercept, which is never rounded.
    random_state : int, RandomState or None
        Of all draws. Equal numbers give equal models, whatever n_jobs.
    n_jobs : int or None
        Threads; None and -1: one a core.
    callback : callable or None
        Called after each epoch with a dict as those of ``record_["epochs"]``; a true answer ends the training.
    options : dict or None
        Further settings of ``zipml train`` by name: {"copies": 3, "bias_draws": 16, "average": "tail:0.5"}.

    Attributes
    ----------
    coef_, intercept_ : what is multiplied with features as they are given, and added.
    record_ : dict
        The run's record: settings, losses, bytes moved and times of each epoch.
    n_iter_ : int
        Epochs that were trained.
    n_features_in_ : int

    Rows are read where they lie: of a C-contiguous float32 array no second copy is made, unless
    ``why_copied()`` says why."""


class _LinearModel(BaseEstimator):
    _loss: str
    _task: str

    def __init__(
        self,
        *,
        bits: int = 3,
        estimator: str = "double",
        grid: str = "uniform",
        epochs: int = 50,
        batch: int = 16,
        step: float | str = "auto",
        schedule: str = "inverse-epoch",
        regularizer: str = "none",
        scaling: str = "standard",
        fit_intercept: bool = True,
        random_state: Any = 1,
        n_jobs: int | None = None,
        callback: Callback | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.bits = bits
        self.estimator = estimator
        self.grid = grid
        self.epochs = epochs
        self.batch = batch
        self.step = step
        self.schedule = schedule
        self.regularizer = regularizer
        self.scaling = scaling
        self.fit_intercept = fit_intercept
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.callback = callback
        self.options = options

    def spec(self) -> dict[str, Any]:
        """The settings as ``zipml train`` and `zipml.train` take them, without the data."""
        if isinstance(self.random_state, (int, np.integer)):
            seed = int(self.random_state)
        else:
            seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        spec: dict[str, Any] = {
            "loss": self._loss,
            "task": self._task,
            "bits": self.bits,
            "estimator": self.estimator,
            "grid": self.grid,
            "epochs": self.epochs,
            "batch": self.batch,
            "step": self.step,
            "schedule": self.schedule,
            "regularizer": self.regularizer,
            "scaling": self.scaling,
            "intercept": self.fit_intercept,
            "seed": seed,
            "threads": self.n_jobs if self.n_jobs is not None and self.n_jobs > 0 else 0,
            "bias_draws": 0,
        }
        spec.update(self.options or {})
        return spec

    def why_copied(self) -> str:
        """Why training with these settings makes a second copy of the rows; empty: it does not."""
        return _core.why_copied(as_json(self.spec()))

    def record_frame(self) -> pandas.DataFrame:
        """The record's epochs as a pandas frame; 0 is before training."""
        check_is_fitted(self)
        return frame(self.record_)

    def _train(
        self, X: NDArray[np.float32], y: NDArray[Any], classes: list[float], state: str | None = None, **changed: Any
    ) -> None:
        """@param state of the run that this one goes on; None: from the beginning @param changed settings"""
        labels = np.ascontiguousarray(y, dtype=np.float64)
        spec = as_json({**self.spec(), **changed})
        record, self._state = _core.fit(spec, X, labels, classes, state, told(self.callback))
        self.record_: Record = json.loads(record)
        self.n_iter_ = len(self.record_["epochs"])
        self._take(json.loads(self._state)["model"])
        if self.record_["status"] == "diverged":
            warnings.warn(self.record_["message"], ConvergenceWarning, stacklevel=3)

    def _first_part(self) -> str | None:
        """What partial_fit goes on from: the model so far, or None."""
        if self.spec().get("label_scaling", "none") != "none":
            raise ValueError("label_scaling: labels of rows to come are not known; use none with partial_fit")
        return getattr(self, "_state", None)

    def _take(self, model: dict[str, Any]) -> None:
        """Coefficients for rows as they are given."""
        models = model.get("classes") or [model]
        weights = np.array([one["weights"] for one in models])
        intercepts = np.array([one["intercept"] for one in models])
        scaling = model["scaling"]
        if scaling["kind"] not in ("row-unit", "none"):
            weights = weights * np.array(scaling["factor"])
            intercepts = intercepts - weights @ np.array(scaling["offset"])
        self._unit_rows = scaling["kind"] == "row-unit"
        self.coef_: NDArray[np.float64] = weights
        self.intercept_: Any = intercepts

    def _scores(self, X: ArrayLike) -> NDArray[np.float64]:
        """Rows x models."""
        check_is_fitted(self)
        given: NDArray[Any] = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        weights = np.atleast_2d(self.coef_).T
        scores = np.empty((given.shape[0], weights.shape[1]))
        for begin in range(0, given.shape[0], _ROWS_A_BLOCK):
            rows = given[begin : begin + _ROWS_A_BLOCK].astype(np.float64, copy=False)
            if self._unit_rows:
                lengths = np.linalg.norm(rows, axis=1, keepdims=True)
                rows = rows / np.where(lengths > 0, lengths, 1)
            scores[begin : begin + _ROWS_A_BLOCK] = rows @ weights
        scores += self.intercept_
        return scores


class LinearRegression(RegressorMixin, _LinearModel):
    __doc__ = "Least squares on rounded samples.\n" + _PARAMETERS

    _loss = "least-squares"
    _task = "regression"

    def fit(self, X: ArrayLike, y: ArrayLike) -> LinearRegression:
        """Trains from the beginning."""
        rows, labels = self._rows(X, y, first=True)
        self._train(rows, labels, [])
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike) -> LinearRegression:
        """One epoch over these rows, from the model so far.

        Scaling and automatic step are those of the first call's rows; levels are placed for each call's.
        """
        state = self._first_part()
        rows, labels = self._rows(X, y, first=state is None)
        self._train(rows, labels, [], state, epochs=1)
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """The model's values."""
        return self._scores(X)[:, 0]

    def _rows(self, X: ArrayLike, y: ArrayLike, first: bool) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        fewest = 2 if first else 1
        rows, labels = validate_data(
            self, X, y, dtype=np.float32, order="C", y_numeric=True, reset=first, ensure_min_samples=fewest
        )
        return rows, labels

    def _take(self, model: dict[str, Any]) -> None:
        super()._take(model)
        self.coef_ = self.coef_[0]
        self.intercept_ = float(self.intercept_[0])


class _Classifier(ClassifierMixin, _LinearModel):
    _task = "classification"

    def fit(self, X: ArrayLike, y: ArrayLike) -> _Classifier:
        """Trains from the beginning; of more than two classes a model each, against the rest."""
        rows, labels = self._rows(X, y, first=True)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        self._require_classes()
        self._train(rows, codes, self._labels())
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> _Classifier:
        """One epoch over these rows, from the model so far.

        `classes` are all there will be, in the first call. Scaling and automatic step are those of the first call's
        rows; levels are placed for each call's.
        """
        state = self._first_part()
        rows, labels = self._rows(X, y, first=state is None)
        if state is None:
            if classes is None:
                raise ValueError("classes: are to be given in the first call of partial_fit")
            self.classes_ = np.unique(classes)
            self._require_classes()
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"classes: {classes} are not those of the first call, {self.classes_}")
        codes = np.minimum(np.searchsorted(self.classes_, labels), len(self.classes_) - 1)
        unknown = self.classes_[codes] != labels
        if unknown.any():
            raise ValueError(f"y: has {labels[unknown][0]}, which is none of the classes {self.classes_}")
        self._train(rows, codes, self._labels(), state, epochs=1)
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Scores: of two classes the second one's, one a row; of more a column a class."""
        scores = self._scores(X)
        return scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class of the highest score."""
        scores = self.decision_function(X)
        return self.classes_[(scores >= 0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)]

    def _labels(self) -> list[float]:
        return [float(number) for number in range(len(self.classes_))]

    def _require_classes(self) -> None:
        if len(self.classes_) < 2:
            raise ValueError(f"y: has one class alone, {self.classes_[0]}; there must be two classes or more")

    def _rows(self, X: ArrayLike, y: ArrayLike, first: bool) -> tuple[NDArray[np.float32], NDArray[Any]]:
        rows, labels = validate_data(self, X, y, dtype=np.float32, order="C", reset=first)
        check_classification_targets(labels)
        return rows, labels


class LogisticRegression(_Classifier):
    __doc__ = "Logistic regression on rounded samples.\n" + _PARAMETERS + "\n    classes_ : the labels, in order.\n"

    _loss = "logistic"

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Probabilities, a column a class; of more than two classes each model's, scaled to the sum 1."""
        scores = self._scores(X)
        if len(self.classes_) == 2:
            scores = np.hstack([-scores, scores])
        logs = np.minimum(scores, 0) - np.log1p(np.exp(-np.abs(scores)))
        shares = np.exp(logs - logs.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logarithms of predict_proba."""
        return np.log(self.predict_proba(X))


class LinearSVC(_Classifier):
    __doc__ = "A support vector machine with hinge loss on rounded samples.\n" + _PARAMETERS + "\n    classes_ : the labels, in order.\n"

    _loss = "hinge"

    def __init__(
        self,
        *,
        bits: int = 3,
        estimator: str = "double",
        grid: str = "uniform",
        epochs: int = 50,
        batch: int = 16,
        step: float | str = "auto",
        schedule: str = "inverse-epoch",
        regularizer: str = "l2:0.0001",
        scaling: str = "standard",
        fit_intercept: bool = True,
        random_state: Any = 1,
        n_jobs: int | None = None,
        callback: Callback | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            bits=bits,
            estimator=estimator,
            grid=grid,
            epochs=epochs,
            batch=batch,
            step=step,
            schedule=schedule,
            regularizer=regularizer,
            scaling=scaling,
            fit_intercept=fit_intercept,
            random_state=random_state,
            n_jobs=n_jobs,
            callback=callback,
            options=options,
        )
