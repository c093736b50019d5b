"""Training linear models on a few bits a value.

Double sampling rounds each value twice, independently, so that gradients of 2 to 8 bits have no bias; levels are
placed for the least rounding variance. Estimators are scikit-learn's where that is installed; `train` makes the runs
of the command line `zipml`, with equal records.
"""

from typing import TYPE_CHECKING, Any

from ._core import __version__
from .estimators import LinearRegression, LinearSVC, LogisticRegression
from .levels import optimal_levels, place_levels, rounding_variance
from .records import frame, train
from .store import SampleStore

__all__ = [
    "LinearRegression",
    "LinearSVC",
    "LogisticRegression",
    "SampleStore",
    "__version__",
    "frame",
    "optimal_levels",
    "place_levels",
    "rounding_variance",
    "train",
]


if TYPE_CHECKING:
    from . import plot as plot


def __getattr__(name: str) -> Any:
    if name == "plot":  # wants matplotlib, so that it is loaded when it is asked for
        from importlib import import_module

        return import_module(".plot", __name__)
    raise AttributeError(f"module 'zipml' has no attribute '{name}'")
