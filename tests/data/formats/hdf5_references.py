"""HDF5 files as h5py, anndata and 10x write them, for write_references.py."""
import gzip

import h5py
import numpy
import scipy.sparse

TEXT = h5py.string_dtype()


def dense_types(case, path, draw):
    for kind in ["b1", "i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "u1", "<u2", ">u4", "<u8",
                 "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]:
        dtype = numpy.dtype(kind)
        if dtype.kind == "f":
            array = draw.standard_normal((9, 4)) * 10.0 ** draw.integers(-4, 3, (9, 4))
        elif dtype.kind == "b":
            array = draw.integers(0, 2, (9, 4))
        else:
            info = numpy.iinfo(dtype)
            array = draw.integers(max(info.min, -2**53), min(info.max, 2**53), (9, 4), dtype=numpy.int64)
        name = f"dense_{kind.replace('<', 'l').replace('>', 'b')}.h5"
        with h5py.File(path(name), "w") as file:
            file["X"] = array.astype(dtype)
        with h5py.File(path(name)) as file:
            case(name, file["X"][:])


def layouts(case, path, draw):
    array = numpy.round(draw.standard_normal((301, 7)) * 100)
    target = draw.integers(0, 3, 301)
    ways = {"contiguous": {}, "gzip": dict(chunks=(13, 2), compression="gzip", shuffle=True),
            "lzf": dict(chunks=(50, 7), compression="lzf", shuffle=True),
            "checksum": dict(chunks=(300, 1), fletcher32=True), "scale": dict(chunks=(64, 7), scaleoffset=2)}
    for name, way in ways.items():
        with h5py.File(path(name + ".h5"), "w") as file:
            file.create_dataset("data", data=array, **way)
            file["target"] = target
        with h5py.File(path(name + ".h5")) as file:
            case(name + ".h5", file["data"][:], file["target"][:])
    with open(path("gzip.h5"), "rb") as plain, gzip.open(path("packed.h5.gz"), "wb") as packed:
        packed.write(plain.read())
    case("packed.h5.gz", array, target)
    for version in ["earliest", "v110", "v112", "latest"]:
        with h5py.File(path(version + ".h5"), "w", libver=(version, version) if version != "earliest" else version) as file:
            file["X"] = array
            file["y"] = target
        case(version + ".h5", array, target)
    with h5py.File(path("parts.h5"), "w") as file:
        file["train/X"], file["train/y"] = array, target
        file["test/X"], file["test/y"] = array[:9] + 1, target[:9]
    case("parts.h5", array[:9] + 1, target[:9], matrix="/test/X")
    with h5py.File(path("images.h5"), "w", userblock_size=1024) as file:
        file["images"] = draw.integers(0, 256, (20, 3, 5), dtype=numpy.uint8)
        file["label"] = target[:20].reshape(-1, 1)
        case("images.h5", file["images"][:], target[:20])
    with h5py.File(path("times.h5"), "w") as file:
        file["X"] = numpy.column_stack([1.7e9 + numpy.arange(40), draw.standard_normal(40)])
        file["y"] = draw.standard_normal(40)
        case("times.h5", file["X"][:], file["y"][:])


def texts(case, path, draw):
    array = draw.standard_normal((30, 3))
    words = numpy.array(["b", "äöü", "ein langer Text mit Leerzeichen"] * 10)
    forms = {"variable": words.astype(object), "fixed": numpy.char.encode(words, "utf-8"),
             "ascii": numpy.array([b"one", b"two", b"six"] * 10)}
    for name, labels in forms.items():
        with h5py.File(path(f"text_{name}.h5"), "w") as file:
            file["X"] = array
            if name == "variable":
                file.create_dataset("y", data=labels, dtype=TEXT)
            elif name == "fixed":
                kind = h5py.string_dtype("utf-8", labels.dtype.itemsize)
                file.create_dataset("y", data=labels.astype(kind))
            else:
                file["y"] = labels
        with h5py.File(path(f"text_{name}.h5")) as file:
            case(f"text_{name}.h5", file["X"][:], file["y"].asstr()[:].astype(str))


def sparse(case, path, draw):
    matrix = scipy.sparse.random(80, 11, 0.3, "csr", numpy.float32, draw, data_rvs=draw.standard_normal)
    words = numpy.array(["B cell", "NK", "T cell", "Ω"])
    codes = draw.integers(0, 4, 80).astype(numpy.int8)
    for kind in ["csr", "csc"]:
        for index in [numpy.int32, numpy.int64]:
            name = f"{kind}_{numpy.dtype(index)}.h5ad"
            parts = matrix.asformat(kind)
            with h5py.File(path(name), "w") as file:
                file.attrs["encoding-type"] = "anndata"
                group = file.create_group("X")
                group.attrs["encoding-type"] = kind + "_matrix"
                group.attrs["encoding-version"] = "0.1.0"
                group.attrs["shape"] = numpy.array(parts.shape)
                group["data"] = parts.data
                group["indices"], group["indptr"] = parts.indices.astype(index), parts.indptr.astype(index)
                file["obsm/X_pca"] = draw.standard_normal((80, 2))
                column = file.create_group("obs/cell_type")
                column.attrs["encoding-type"] = "categorical"
                column["codes"] = codes
                column.create_dataset("categories", data=words.astype(object), dtype=TEXT)
                file["obs/age"] = draw.standard_normal(80)
                file["var/_index"] = numpy.array([f"gene{i}" for i in range(11)], dtype=object)
                case(name, parts.toarray(), words[codes], labels="obs/cell_type")
    counts = (matrix != 0).astype(numpy.int32).multiply(numpy.arange(1, 12)).tocsr()
    with h5py.File(path("tenx.h5"), "w") as file:
        group = file.create_group("matrix")
        group["barcodes"] = numpy.array([f"ACGT-{i}".encode() for i in range(80)])
        group["data"] = counts.data.astype(numpy.int32)
        group["indices"], group["indptr"] = counts.indices.astype(numpy.int64), counts.indptr.astype(numpy.int64)
        group["shape"] = numpy.array([11, 80], dtype=numpy.int32)
        group["features/id"] = numpy.array([f"ENSG{i}".encode() for i in range(11)])
    case("tenx.h5", counts.toarray())


def refused(path):
    """Files that no case lists: what hdf5_test says is wrong with them, and small ones to damage."""
    array = numpy.arange(36.0).reshape(9, 4)
    with h5py.File(path("records.h5"), "w") as file:
        file["X"] = numpy.zeros(5, [("a", "f4"), ("b", "i4")])
    with h5py.File(path("virtual.h5"), "w") as file:
        layout = h5py.VirtualLayout((301, 7), "f8")
        layout[:] = h5py.VirtualSource("contiguous.h5", "data", shape=(301, 7))
        file.create_virtual_dataset("X", layout)
    with h5py.File(path("filter.h5"), "w") as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((3, 4))
        properties.set_filter(305, h5py.h5z.FLAG_OPTIONAL)
        h5py.h5d.create(file.id, b"X", h5py.h5t.NATIVE_DOUBLE, h5py.h5s.create_simple((9, 4)), properties)
    with h5py.File(path("promise.h5"), "w") as file:
        file.create_dataset("X", (2**50, 4), "f8", maxshape=(None, 4), chunks=(1000, 4))
    with h5py.File(path("columns.h5"), "w") as file:
        file["X"], file["y"] = array.T, numpy.arange(9)
    for name, rows, index in [("sparse.h5", 2**60, 0), ("place.h5", 3, 7)]:
        with h5py.File(path(name), "w") as file:
            group = file.create_group("X")
            group.attrs["encoding-type"], group.attrs["shape"] = "csr_matrix", numpy.array([rows, 5])
            group["data"], group["indices"], group["indptr"] = [1.0], [index], [0, 1, 1, 1]
    with h5py.File(path("tiny_plain.h5"), "w") as file:
        file.create_dataset("X", data=array.astype("f4"), chunks=(4, 4), compression="gzip")
        file["y"] = numpy.arange(9)
    with h5py.File(path("tiny_texts.h5"), "w") as file:
        file["X"] = array
        file.create_dataset("y", data=numpy.array(["yes", "no", "perhaps"] * 3, dtype=object), dtype=TEXT)
    with h5py.File(path("tiny_sparse.h5"), "w") as file:
        group = file.create_group("X")
        group.attrs["encoding-type"], group.attrs["shape"] = numpy.bytes_("csr_matrix"), numpy.array([3, 5])
        group["data"], group["indices"], group["indptr"] = [1.0, 2.0, 3.0], [0, 4, 1], [0, 1, 2, 3]


def write(case, path):
    refused(path)
    draw = numpy.random.default_rng(5)
    for part in [dense_types, layouts, texts, sparse]:
        part(case, path, draw)
