"""Times variance-optimal levels beside the Python packages that place 1-D clusters, as a Markdown table.

    python python/bench/levels.py [VALUES [LEVELS]]

The objectives differ: kmeans1d, jenkspy and ckwrap minimise the sum of (x - nearest centre)^2, exactly; zipml the sum of
(b - x)(x - a), the variance of unbiased rounding to the levels a and b beside x, exactly; optbinning fits bins to a
target, here the values themselves. Seconds are of one core (CPU time), the least of some tries; a package that needs more
than a few minutes is timed on fewer values, which the table says.
"""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402

import zipml  # noqa: E402


def seconds(work, tries):
    best = float("inf")
    for _ in range(tries):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def optbinning(x, k):
    from optbinning import ContinuousOptimalBinning

    ContinuousOptimalBinning(max_n_bins=k, max_n_prebins=max(k, 20)).fit(x, x)


def kmeans1d(x, k):
    import kmeans1d

    kmeans1d.cluster(x, k)


def ckwrap(x, k):
    import ckwrap

    ckwrap.ckmeans(x, k)


def jenkspy(x, k):
    import jenkspy

    jenkspy.jenks_breaks(x, k)


def main():
    values = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    k = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    x = np.random.default_rng(1).normal(size=values)
    as_floats = x.astype(np.float32)
    print(f"{values:,} normal values, {k} levels\n\n| package | values | seconds | times zipml's |\n| --- | ---: | ---: | ---: |")
    ours = seconds(lambda: zipml.optimal_levels(as_floats, k, threads=1), 5)
    print(f"| zipml {zipml.__version__} | {values:,} | {ours:.4f} | 1 |", flush=True)
    for peer, most in ((kmeans1d, values), (ckwrap, values), (optbinning, values), (jenkspy, 10_000)):
        count = min(most, values)
        try:
            took = seconds(lambda: peer(x[:count], k), 1 if count < values else 2)  # noqa: B023
        except ImportError:
            print(f"| {peer.__name__} | | not installed | |", flush=True)
            continue
        times = f"{took / ours:.1f}" + ("" if count == values else " at least")
        print(f"| {peer.__name__} | {count:,} | {took:.3f} | {times} |", flush=True)


if __name__ == "__main__":
    main()
