"""Runs of specs, and what records say as tables."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from . import _core

if TYPE_CHECKING:
    import pandas

Record = dict[str, Any]
#: Hears of an epoch, as a record's `epochs` have it; a true answer ends the training.
Callback = Callable[[dict[str, Any]], Any]


def train(spec: Mapping[str, Any], *, callback: Callback | None = None) -> Record:
    """One run, as ``zipml train`` makes it.

    Parameters
    ----------
    spec : settings by the names that records have (``zipml train --help``, with ``_`` for ``-``); ``data`` is the file,
        or ``synthetic:N``. What is left out is as usual.
    callback : called after each epoch; a true answer ends the run.

    Returns
    -------
    The record. Equal specs give equal records, except for seconds and peak memory, here and on the command line.
    """
    record: Record = json.loads(_core.train(as_json(spec), told(callback)))
    return record


def frame(record: Mapping[str, Any]) -> pandas.DataFrame:
    """A record's epochs as a pandas frame, by number; 0 is before training."""
    try:
        import pandas
    except ImportError as missing:
        raise ImportError("frames want pandas: pip install pandas") from missing
    return pandas.DataFrame([record["initial"], *record["epochs"]]).set_index("epoch")


def as_json(spec: Mapping[str, Any]) -> str:
    """Settings as text; NumPy's numbers are numbers, and paths are texts."""
    return json.dumps(dict(spec), default=lambda value: value.item() if hasattr(value, "item") else os.fspath(value))


def told(callback: Callback | None) -> Callable[[str], bool] | None:
    """A callback for the module, which speaks JSON."""
    if callback is None:
        return None
    return lambda epoch: bool(callback(json.loads(epoch)))
