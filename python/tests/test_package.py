"""The module stands on nothing that a server lacks, and says its types."""

import pathlib
import shutil
import subprocess

import pytest

import zipml
from zipml import _core


def test_no_libraries_of_windows_networks_or_devices():
    if shutil.which("ldd") is None:
        pytest.skip("there is no ldd")
    needs = subprocess.run(["ldd", _core.__file__], capture_output=True, text=True, check=True).stdout.lower()
    for library in ("qt", "libcurl", "libssl", "libcrypto", "opencl", "torch", "hdf5", "onnx"):
        assert library not in needs


def test_types_and_version():
    folder = pathlib.Path(zipml.__file__).parent
    assert (folder / "py.typed").exists() and (folder / "_core.pyi").exists()
    assert zipml.__version__.count(".") == 2
    assert set(zipml.__all__) <= set(dir(zipml))
