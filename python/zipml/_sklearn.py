"""scikit-learn's base classes, and what stands in for them where it is not installed."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.exceptions import ConvergenceWarning, NotFittedError
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:

    class ConvergenceWarning(UserWarning):
        """A training that diverged."""

    class NotFittedError(ValueError, AttributeError):
        """An estimator was asked before it was fitted."""

    class BaseEstimator:
        """Parameters are the arguments of __init__."""

        @classmethod
        def _names(cls) -> list[str]:
            return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

        def get_params(self, deep: bool = True) -> dict[str, Any]:
            return {name: getattr(self, name) for name in self._names()}

        def set_params(self, **params: Any) -> BaseEstimator:
            for name, value in params.items():
                if name not in self._names():
                    raise ValueError(f"'{name}' is no parameter of {type(self).__name__}: {', '.join(self._names())}")
                setattr(self, name, value)
            return self

        def __repr__(self) -> str:
            usual = {n: p.default for n, p in inspect.signature(type(self).__init__).parameters.items()}
            changed = [f"{n}={v!r}" for n, v in self.get_params().items() if v is not usual[n] and v != usual[n]]
            return f"{type(self).__name__}({', '.join(changed)})"

    class ClassifierMixin:
        def score(self, X: Any, y: Any) -> float:
            """Share of rows whose class is right."""
            return float(np.mean(self.predict(X) == np.asarray(y)))

    class RegressorMixin:
        def score(self, X: Any, y: Any) -> float:
            """The coefficient of determination, R^2."""
            y = np.asarray(y, dtype=np.float64)
            return float(1 - np.sum((y - self.predict(X)) ** 2) / np.sum((y - y.mean()) ** 2))

    def check_random_state(seed: Any) -> np.random.RandomState:
        return seed if isinstance(seed, np.random.RandomState) else np.random.RandomState(seed)

    def check_classification_targets(y: Any) -> None:
        if np.asarray(y).dtype.kind == "f" and np.any(y != np.floor(y)):
            raise ValueError("Unknown label type: continuous; classes are whole numbers or texts")

    def check_is_fitted(estimator: Any) -> None:
        if not hasattr(estimator, "coef_"):
            raise NotFittedError(f"This {type(estimator).__name__} is not fitted yet; call fit first")

    def validate_data(
        estimator: Any,
        X: Any,
        y: Any = None,
        *,
        reset: bool = True,
        dtype: Any = np.float32,
        order: str | None = None,
        y_numeric: bool = False,
        ensure_min_samples: int = 1,
    ) -> Any:
        X = np.asarray(X)
        if dtype is not None and X.dtype not in (dtype if isinstance(dtype, list) else [dtype]):
            X = X.astype(dtype[0] if isinstance(dtype, list) else dtype)
        X = np.asarray(X, order=order)
        if X.ndim != 2:
            raise ValueError(f"X has {X.ndim} dimensions; reshape your data to rows and features")
        if len(X) < ensure_min_samples or X.shape[1] == 0:
            raise ValueError(f"X has {X.shape[0]} sample(s) and {X.shape[1]} feature(s); more are required")
        if not np.isfinite(X).all():
            raise ValueError("X contains NaN or infinity")
        if reset:
            estimator.n_features_in_ = X.shape[1]
        elif X.shape[1] != estimator.n_features_in_:
            raise ValueError(
                f"X has {X.shape[1]} features, but {type(estimator).__name__} is expecting "
                f"{estimator.n_features_in_} features as input"
            )
        if y is None:
            return X
        y = np.asarray(y).ravel()
        if len(y) != len(X):
            raise ValueError(f"y has {len(y)} labels for {len(X)} rows of X")
        if y_numeric:
            y = y.astype(np.float64)
            if not np.isfinite(y).all():
                raise ValueError("y contains NaN or infinity")
        return X, y


__all__ = [
    "BaseEstimator",
    "ClassifierMixin",
    "ConvergenceWarning",
    "RegressorMixin",
    "check_classification_targets",
    "check_is_fitted",
    "check_random_state",
    "validate_data",
]
