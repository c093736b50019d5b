"""The tutorial runs from its first cell to its last."""

import pathlib

import pytest

TUTORIAL = pathlib.Path(__file__).parents[1] / "examples" / "tutorial.ipynb"


def test_the_notebook_runs():
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    pytest.importorskip("pandas")
    notebook = nbformat.read(TUTORIAL, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    assert not any(cell.get("outputs") for cell in nbformat.read(TUTORIAL, as_version=4).cells)  # kept without
