"""Fitting a float32 array makes no second copy of it."""

import subprocess
import sys

import pytest

CODE = """
import resource, sys
import numpy as np, zipml

X = np.random.default_rng(1).normal(size=(800_000, 64)).astype(np.float32)  # 205 MB
y = X[:, :3].sum(axis=1).astype(np.float64)
{warm}
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

open("/proc/self/clear_refs", "w").write("5")  # the peak so far is forgotten
before = peak()
{work}
print((peak() - before) / X.nbytes)
"""


def growth(work):
    """Of the peak memory, in sizes of X."""
    warm = "zipml.LinearRegression(epochs=1).fit(X[:100], y[:100])"
    done = subprocess.run([sys.executable, "-c", CODE.format(warm=warm, work=work)], capture_output=True, text=True)
    if "clear_refs" in done.stderr:
        pytest.skip("this system does not forget a process's peak memory")
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


def test_fit():
    assert growth("zipml.LinearRegression(bits=4, epochs=1).fit(X, y)") < 0.6
    assert growth("zipml.LinearRegression(bits=32, estimator='full', epochs=1).fit(X, y)") > 0.9  # and says why


def test_store():
    assert growth("store = zipml.SampleStore(X, bits=4)") < 0.3
