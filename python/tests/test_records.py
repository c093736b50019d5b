"""Equal specs give the records of the command line, and fitting rows gives the model of a file with them."""

import json
import subprocess

import numpy as np
import pytest

import zipml

SPECS = [
    {"data": "synthetic:20x500", "epochs": 5},
    {"data": "synthetic:12x300", "estimator": "naive", "bits": 2, "grid": "optimal", "epochs": 4, "batch": 32},
    {"data": "synthetic:12x300", "estimator": "full", "bits": 32, "epochs": 3, "seed": 9, "regularizer": "l2:0.01"},
    {"data": "synthetic:10x400,classes", "loss": "logistic", "bits": 4, "epochs": 3, "step": 0.05},
    {"data": "synthetic:10x400,classes", "loss": "hinge", "estimator": "refetch", "bits": 4, "epochs": 3},
    {"data": "synthetic:16x320", "estimator": "double-mean", "copies": 4, "average": "tail:0.5", "epochs": 4},
]


def without_time(record):
    """What is the same for equal specs."""
    kept = json.loads(json.dumps(record))
    for key in ("peak_resident_bytes", "time"):
        del kept[key]
    for epoch in [kept["initial"], *kept["epochs"]]:
        del epoch["seconds"]
    return kept


def by_command_line(program, spec):
    flags = [word for key, value in spec.items() if key != "data" for word in (f"--{key}".replace("_", "-"), str(value))]
    done = subprocess.run(
        [program, "train", spec["data"], *flags, "--json", "--no-history"], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.get('estimator', 'double')}-{spec.get('loss', '')}")
def test_records_are_the_command_lines(command_line, spec):
    ours, theirs = zipml.train(spec), by_command_line(command_line, spec)
    assert without_time(ours) == without_time(theirs)


@pytest.mark.parametrize("settings", [{}, {"grid": "optimal", "bits": 2}, {"estimator": "full", "bits": 32}], ids=str)
@pytest.mark.parametrize("loss", ["least-squares", "logistic"])
def test_rows_give_the_model_of_their_file(command_line, tmp_path, rows, loss, settings):
    X, y = rows
    y = y.astype(np.float32) if loss == "least-squares" else (y > np.median(y)).astype(np.float32)
    np.save(tmp_path / "data.npy", np.column_stack([X, y]).astype(np.float32))
    kind = zipml.LinearRegression if loss == "least-squares" else zipml.LogisticRegression
    fitted = kind(epochs=4, **settings).fit(X, y)
    spec = {**fitted.spec(), "data": str(tmp_path / "data.npy"), "label_column": "last"}
    del spec["intercept"], spec["threads"]
    theirs = by_command_line(command_line, spec)
    assert fitted.record_["model"] == theirs["model"]
    assert fitted.record_["step"] == theirs["step"]
    for ours, other in zip(fitted.record_["epochs"], theirs["epochs"], strict=True):
        assert ours["train_loss"] == pytest.approx(other["train_loss"], rel=1e-5)


def test_callbacks_hear_of_each_epoch_and_end_the_run():
    heard = []
    record = zipml.train({"data": "synthetic:5x50", "epochs": 6}, callback=heard.append)
    assert len(heard) == 6  # where the exact optimum is known only later, its distance is not among them
    for epoch, then in zip(record["epochs"], heard, strict=True):
        assert {**epoch, "distance_to_optimum": None} == {**then, "distance_to_optimum": None}
    record = zipml.train({"data": "synthetic:5x50", "epochs": 6}, callback=lambda epoch: epoch["epoch"] == 2)
    assert record["status"] == "stopped" and len(record["epochs"]) == 2


def test_what_callbacks_raise_comes_back():
    def fails(epoch):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        zipml.train({"data": "synthetic:5x50", "epochs": 1000}, callback=fails)


def test_frames():
    pandas = pytest.importorskip("pandas")
    record = zipml.train({"data": "synthetic:5x50", "epochs": 3})
    table = zipml.frame(record)
    assert isinstance(table, pandas.DataFrame) and list(table.index) == [0, 1, 2, 3]
    assert table["train_loss"].iloc[-1] == record["final"]["train_loss"]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"bitz": 3}, "bitz"),
        ({"bits": 99}, "bits"),
        ({"data": "no/such/file.csv"}, "no/such/file.csv"),
        ({"data": "synthetic:5x50", "device": "opencl:0"}, "opencl"),
    ],
)
def test_what_is_wrong_is_said(spec, said):
    with pytest.raises(ValueError, match=said):
        zipml.train(spec)
