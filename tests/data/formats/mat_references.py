"""MATLAB files of version 4 and 5 by scipy.io, and of 7.3 as MATLAB lays them out, for write_references.py."""
import gzip

import h5py
import numpy
import scipy.io
import scipy.sparse

WORDS = numpy.array(["setosa", "véra", "日本", "x y"])


def by_scipy(case, path, draw):
    codes = draw.integers(0, 4, 24)
    for kind in ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "b1"]:
        array = numpy.abs(draw.standard_normal((24, 5)) * (90 if kind != "b1" else 1))
        array = (array > 1 if kind == "b1" else array).astype(kind)
        name = f"dense_{kind}.mat"
        scipy.io.savemat(path(name), {"X": array, "y": codes, "lambda": 0.5, "note": "text"},
                         do_compression=kind in ("f8", "u1"))
        read = scipy.io.loadmat(path(name))
        case(name, read["X"], read["y"])
    matrix = scipy.sparse.random(24, 9, 0.4, "csc", random_state=draw, data_rvs=draw.standard_normal)
    for kind in ["f8", "f4", "u1", "i1", "b1"]:
        values = matrix * 40 if kind in ("u1", "i1") else matrix
        values = abs(values) if kind == "u1" else values
        name = f"sparse_{kind}.mat"
        scipy.io.savemat(path(name), {"data": values.astype(kind), "label": codes}, do_compression=kind == "f4")
        read = scipy.io.loadmat(path(name))
        case(name, read["data"].toarray(), read["label"])
    array = draw.standard_normal((24, 3))
    for packed in [False, True]:
        name = f"cells_{packed}.mat"
        scipy.io.savemat(path(name), {"X": array, "y": WORDS[codes].astype(object)}, do_compression=packed)
        read = scipy.io.loadmat(path(name))
        case(name, read["X"], numpy.array([str(cell[0]) for cell in read["y"].ravel()]))
    scipy.io.savemat(path("characters.mat"), {"X": array, "kind": numpy.array(["ab", "c"])[codes % 2]})
    read = scipy.io.loadmat(path("characters.mat"))
    case("characters.mat", read["X"], numpy.char.rstrip(read["kind"]), labels="kind")
    scipy.io.savemat(path("version4.mat"), {"X": array, "y": codes.astype(float)}, format="4")
    read = scipy.io.loadmat(path("version4.mat"))
    case("version4.mat", read["X"], read["y"])
    scipy.io.savemat(path("several.mat"), {"a": array, "b": array + 1, "s": {"f": array}, "target": codes})
    case("several.mat", array + 1, codes, matrix="b")
    with open(path("several.mat"), "rb") as plain, gzip.open(path("packed.mat.gz"), "wb") as packed:
        packed.write(plain.read())
    case("packed.mat.gz", array, codes, matrix="a")


def matlab73(path, variables):
    """Variables as MATLAB writes them: dimensions reversed, its class beside each."""
    with h5py.File(path, "w", userblock_size=512) as file:
        def plain(where, name, values, kind, **attributes):
            data = where.create_dataset(name, data=values, chunks=values.shape, compression="gzip")
            data.attrs["MATLAB_class"] = numpy.bytes_(kind)
            for key, value in attributes.items():
                data.attrs[key] = value
            return data

        for name, value in variables.items():
            if scipy.sparse.issparse(value):
                group = file.create_group(name)
                group.attrs["MATLAB_class"] = numpy.bytes_("double")
                group.attrs["MATLAB_sparse"] = numpy.uint64(value.shape[0])
                group["data"], group["ir"] = value.data, value.indices.astype(numpy.uint64)
                group["jc"] = value.indptr.astype(numpy.uint64)
            elif value.dtype == object:
                texts = [numpy.frombuffer(text.encode("utf-16-le"), numpy.uint16).reshape(-1, 1) for text in value]
                cells = [plain(file.require_group("#refs#"), f"{name}{i}", text, "char",
                               MATLAB_int_decode=numpy.int32(2)).ref for i, text in enumerate(texts)]
                data = file.create_dataset(name, data=numpy.array(cells, h5py.ref_dtype).reshape(1, -1))
                data.attrs["MATLAB_class"] = numpy.bytes_("cell")
            elif value.dtype == bool:
                plain(file, name, value.astype(numpy.uint8).T, "logical", MATLAB_int_decode=numpy.int32(1))
            else:
                names = {"f8": "double", "f4": "single"}
                plain(file, name, value.T, names.get(value.dtype.str[1:], value.dtype.name))
    with open(path, "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64 HDF5 schema 1.00 .".ljust(124) + b"\x00\x02IM")


def by_hdf5(case, path, draw):
    codes = draw.integers(0, 4, 50)
    labels = codes.reshape(1, -1).astype(float)
    for kind in ["f8", "f4", "i2", "u1", "b1"]:
        array = draw.standard_normal((50, 6)) * 50
        array = array > 0 if kind == "b1" else numpy.abs(array).astype(kind)
        matlab73(path(f"new_{kind}.mat"), {"X": array, "y": labels, "lambda": numpy.array([[2.0]])})
        case(f"new_{kind}.mat", array, codes)
    matrix = scipy.sparse.random(50, 8, 0.3, "csc", random_state=draw)
    matlab73(path("new_sparse.mat"), {"X": matrix, "label": WORDS[codes].astype(object)})
    case("new_sparse.mat", matrix.toarray(), WORDS[codes])


def write(case, path):
    draw = numpy.random.default_rng(6)
    by_scipy(case, path, draw)
    by_hdf5(case, path, draw)
