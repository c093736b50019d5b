"""Ctrl-C stops a run within an epoch; other threads go on while one trains."""

import signal
import subprocess
import sys
import threading
import time

import numpy as np

import zipml

LONG = """
import zipml
try:
    zipml.train({"data": "synthetic:200x200000", "copies": 8, "model_bits": 8, "gradient_bits": 8, "batch": 1,
                 "device": "cpu-reference", "step": 1e-9, "epochs": 1000, "bias_draws": 0},
                callback=lambda *_: print("epoch", flush=True))
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def test_ctrl_c_stops_within_an_epoch():
    process = subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "epoch\n"
    began = time.monotonic()
    assert process.stdout.readline() == "epoch\n"
    epoch = time.monotonic() - began  # about a second, whose end is not waited for
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    took = time.monotonic() - began
    assert out == "stopped\n" and process.returncode == 0
    assert took < 0.7 * epoch


def test_other_threads_go_on():
    X = np.random.default_rng(1).normal(size=(20_000, 50)).astype(np.float32)
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    began = time.monotonic()
    zipml.LinearRegression(epochs=30, n_jobs=1).fit(X, X[:, 0])
    took = time.monotonic() - began
    done.set()
    thread.join()
    assert len([at for at in ticks if began < at < began + took]) > 5 * took
