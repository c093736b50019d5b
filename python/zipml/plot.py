"""Plots of records and of levels, with matplotlib."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

try:
    from matplotlib import pyplot
except ImportError as missing:
    raise ImportError("plots want matplotlib: pip install matplotlib") from missing

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def curves(*runs: Any, value: str = "train_loss", against: str = "epoch", ax: Axes | None = None, **named: Any) -> Axes:
    """One curve a run.

    Parameters
    ----------
    runs : records, or estimators that were fitted. Those given by a keyword have it as their name.
    value, against : keys of an epoch: train_loss, objective, test_loss, bias_norm, bytes_moved, seconds, ...
    ax : where to draw; None: the current axes.
    """
    ax = ax or pyplot.gca()
    for name, run in [*((None, run) for run in runs), *named.items()]:
        record: Mapping[str, Any] = getattr(run, "record_", run)
        points = [
            (epoch[against], epoch[value])
            for epoch in [record["initial"], *record["epochs"]]
            if epoch.get(value) is not None and epoch.get(against) is not None
        ]
        label = name or _name(record["spec"])
        ax.plot([x for x, _ in points], [y for _, y in points], label=label)
    ax.set_xlabel(against.replace("_", " "))
    ax.set_ylabel(value.replace("_", " "))
    ax.legend()
    return ax


def levels(x: ArrayLike, *levels: ArrayLike, bins: int = 100, ax: Axes | None = None) -> Axes:
    """A histogram of values, with one or more sets of levels below it."""
    ax = ax or pyplot.gca()
    heights, _, _ = ax.hist(np.asarray(x).ravel(), bins=bins, alpha=0.6)
    for row, places in enumerate(levels):
        below = np.full(np.size(places), -(row + 1) * 0.05 * np.max(heights))
        ax.plot(np.ravel(places), below, "|", markersize=12)
    ax.set_xlabel("value")
    ax.set_ylabel("values")
    return ax


def _name(spec: Mapping[str, Any]) -> str:
    if spec.get("name"):
        return str(spec["name"])
    bits = spec["bits"]
    return f"{spec['estimator']}" + ("" if bits == 32 or spec["estimator"] == "full" else f", {bits} bits")
