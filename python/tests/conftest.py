"""What the tests share: data, and the command line where ZIPML names it."""

import os

import numpy as np
import pytest


@pytest.fixture
def rows():
    """400 rows of 8 features whose scales differ, labels with noise."""
    draws = np.random.default_rng(7)
    X = (draws.normal(size=(400, 8)) * np.logspace(-2, 3, 8) + np.arange(8)).astype(np.float32)
    y = (X / np.logspace(-2, 3, 8)) @ draws.normal(size=8) + 0.1 * draws.normal(size=400)
    return X, y


@pytest.fixture
def command_line():
    """The program zipml."""
    program = os.environ.get("ZIPML", "")
    if not os.access(program, os.X_OK):
        pytest.skip("there is no command line to compare with; set ZIPML to the program zipml")
    return program
