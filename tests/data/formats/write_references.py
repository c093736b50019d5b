"""write_references.py KIND FOLDER: data files by the reference writers, and what the reference readers read of them.

Beside each file F stand F.values (float32, row-major), F.exact (float64) and F.target (float64), and cases.json lists them.
"""
import gzip
import importlib
import json
import os
import struct
import sys

import numpy

KIND, FOLDER = sys.argv[1:]
cases = []


def path(name):
    return os.path.join(FOLDER, name)


def case(name, values, target=None, **options):
    values = numpy.asarray(values)
    values = values.reshape(values.shape[0], -1)
    values.astype(numpy.float32).tofile(path(name) + ".values")
    values.astype(numpy.float64).tofile(path(name) + ".exact")
    classes = None
    if target is not None:
        target = numpy.asarray(target).ravel()
        if target.dtype.kind in "US":
            classes = sorted({str(text) for text in target.astype(str)})
            target = numpy.array([classes.index(text) for text in target.astype(str)])
        target.astype(numpy.float64).tofile(path(name) + ".target")
    if target is None:
        options.setdefault("label_column", "none")
    cases.append(dict(file=name, rows=values.shape[0], columns=values.shape[1], classes=classes,
                      labelled=target is not None, options=options))


def real_sets():
    from sklearn import datasets
    for name in ["iris", "digits", "breast_cancer", "diabetes", "wine"]:
        bunch = getattr(datasets, "load_" + name)()
        yield name, bunch.data, bunch.target, getattr(bunch, "target_names", None)


def npy():
    draw = numpy.random.default_rng(1)
    types = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "f16"]
    for kind in types:
        for order in "<>":
            for shape in [(7, 5), (11,), (6, 2, 3)]:
                for columns_first in [False, True]:
                    dtype = numpy.dtype(order + kind)
                    if dtype.kind == "f":
                        array = draw.standard_normal(shape) * 10.0 ** draw.integers(-6, 4, shape)
                    elif dtype.kind == "b":
                        array = draw.integers(0, 2, shape)
                    else:
                        info = numpy.iinfo(dtype)
                        array = draw.integers(max(info.min, -2**53), min(info.max, 2**53), shape, dtype=numpy.int64)
                    array = array.astype(dtype)
                    if columns_first:
                        array = numpy.asfortranarray(array)
                    name = f"{kind}{'be' if order == '>' else 'le'}{len(shape)}{'f' if columns_first else 'c'}.npy"
                    numpy.save(path(name), array)
                    case(name, numpy.load(path(name)))
    half = numpy.arange(65536, dtype=numpy.uint16).view(numpy.float16)
    half = half[numpy.isfinite(half)].reshape(-1, 2)
    numpy.save(path("halves.npy"), half)
    case("halves.npy", numpy.load(path("halves.npy")))
    for version in [(1, 0), (2, 0), (3, 0)]:
        name = f"version{version[0]}.npy"
        with open(path(name), "wb") as file:
            numpy.lib.format.write_array(file, draw.standard_normal((9, 4)), version=version)
        case(name, numpy.load(path(name)))
    for name, data, target, names in real_sets():
        numpy.save(path(name + ".npy"), data)
        numpy.save(path(name + "_y.npy"), target if names is None else names[target])
        case(name + ".npy", numpy.load(path(name + ".npy")), numpy.load(path(name + "_y.npy")),
             labels=path(name + "_y.npy"))
        for columns_first in [False, True]:
            packed = f"{name}{int(columns_first)}.npy.gz"
            with gzip.open(path(packed), "wb") as file:
                numpy.save(file, numpy.asfortranarray(data) if columns_first else data)
            case(packed, data)
    wide = numpy.asfortranarray(draw.standard_normal((3000, 700)))  # more than one window of rows
    numpy.save(path("wide.npy"), wide)
    case("wide.npy", wide)


def npz():
    import scipy.sparse
    for name, data, target, names in real_sets():
        for save, suffix in [(numpy.savez, "s"), (numpy.savez_compressed, "c")]:
            for columns_first in [False, True]:
                file = f"{name}{suffix}{int(columns_first)}.npz"
                save(path(file), X=numpy.asfortranarray(data) if columns_first else data,
                     y=target if names is None else names[target])
                with numpy.load(path(file)) as read:
                    case(file, read["X"], read["y"])
        for form in ["csr", "csc", "coo"]:
            for compressed in [False, True]:
                file = f"{name}_{form}{int(compressed)}.npz"
                scipy.sparse.save_npz(path(file), scipy.sparse.csr_matrix(data).asformat(form), compressed=compressed)
                case(file, scipy.sparse.load_npz(path(file)).toarray())
    draw = numpy.random.default_rng(2)
    parts = {}
    for part, rows in [("train", 20), ("test", 10)]:
        parts["x_" + part] = draw.integers(0, 256, (rows, 4, 4)).astype(numpy.uint8)
        parts["y_" + part] = draw.integers(0, 10, rows).astype(numpy.uint8)
    numpy.savez(path("keras.npz"), **parts)
    numpy.savez(path("keras2.npz"), **parts)
    case("keras.npz", parts["x_train"], parts["y_train"], matrix="x_train")
    case("keras2.npz", parts["x_test"], parts["y_test"], matrix="x_test", labels="y_test")
    numpy.savez(path("bytes.npz"), data=parts["x_train"].astype(">i2"),
                target=numpy.array([b"no", b"yes"])[parts["y_train"] % 2].reshape(-1, 1))
    case("bytes.npz", parts["x_train"], numpy.array(["no", "yes"])[parts["y_train"] % 2])
    numpy.savez(path("umlaut.npz"), X=parts["x_train"],
                y=numpy.array(["gr\u00fcn", "\U0001F600"]).astype(">U5")[parts["y_train"] % 2])
    case("umlaut.npz", parts["x_train"], numpy.array(["gr\u00fcn", "\U0001F600"])[parts["y_train"] % 2])


def idx():
    draw = numpy.random.default_rng(3)
    codes = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}

    def write(name, array, pack=False):
        kind = array.dtype.str[1:]
        data = bytes([0, 0, codes[kind], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
        data += array.astype(array.dtype.newbyteorder(">")).tobytes()
        (gzip.open if pack else open)(path(name), "wb").write(data)

    for kind in codes:
        for shape in [(9, 4), (8, 3, 5), (4, 2, 3, 2)]:
            array = (draw.standard_normal(shape) * 50).astype(kind)
            write(f"{kind}_{len(shape)}.idx", array)
            case(f"{kind}_{len(shape)}.idx", array)
    images = draw.integers(0, 256, (30, 5, 7)).astype("u1")
    labels = draw.integers(0, 10, 30).astype("u1")
    write("set-images-idx3-ubyte.gz", images, True)
    write("set-labels-idx1-ubyte", labels)
    case("set-images-idx3-ubyte.gz", images, labels)
    write("dotted-images.idx3-ubyte", images)
    write("dotted-labels.idx1-ubyte.gz", labels, True)
    case("dotted-images.idx3-ubyte", images, labels)
    write("renamed.bin", images)
    case("renamed.bin", images, labels, labels=path("set-labels-idx1-ubyte"))
    qmnist = draw.integers(0, 1000, (30, 8)).astype("i4")
    qmnist[:, 0] = labels
    write("qmnist-test-images-idx3-ubyte", images)
    write("qmnist-test-labels-idx2-int", qmnist)
    case("qmnist-test-images-idx3-ubyte", images, labels)
    write("emnist-images-idx3-ubyte", images)
    write("emnist-labels-idx1-ubyte", labels)
    case("emnist-images-idx3-ubyte", images.transpose(0, 2, 1), labels, upright=True)
    shared = os.environ.get("ZIPML_DATA_DIR", os.path.join(os.path.dirname(__file__), "../../../../shared/data"))
    if os.path.exists(os.path.join(shared, "mnist")):  # read by NumPy alone
        parts = []
        for name, head in [("t10k-images-idx3-ubyte.gz", 16), ("t10k-labels-idx1-ubyte.gz", 8)]:
            packed = open(os.path.join(shared, "mnist", name), "rb").read()
            open(path(name), "wb").write(packed)
            parts.append(numpy.frombuffer(gzip.decompress(packed), numpy.uint8, offset=head))
        case("t10k-images-idx3-ubyte.gz", parts[0].reshape(10000, 28, 28), parts[1])


def mtx():
    import scipy.io
    import scipy.sparse

    def write(name, matrix, **keywords):
        scipy.io.mmwrite(path(name), matrix, **keywords)
        return name

    def read(name):
        matrix = scipy.io.mmread(path(name))
        return matrix.toarray() if scipy.sparse.issparse(matrix) else numpy.asarray(matrix)

    for name, data, target, names in real_sets():
        write(name + "_y.mtx", target.reshape(-1, 1))
        for kind, matrix in [("sparse", scipy.sparse.coo_matrix(data)), ("dense", data),
                             ("columns", scipy.sparse.csc_matrix(data))]:
            file = write(f"{name}_{kind}.mtx", matrix)
            case(file, read(file), read(name + "_y.mtx"), labels=path(name + "_y.mtx"))
        with gzip.open(path(name + ".mtx.gz"), "wb") as packed:
            packed.write(open(path(file), "rb").read())
        case(name + ".mtx.gz", read(file))
    draw = numpy.random.default_rng(4)
    square = draw.standard_normal((12, 12)) * (draw.random((12, 12)) < 0.4)
    upper = numpy.triu(square, 1)
    for name, matrix in [("general", square), ("symmetric", square + square.T), ("skew", upper - upper.T)]:
        for kind, form in [("sparse", scipy.sparse.coo_matrix(matrix)), ("dense", matrix)]:
            file = write(f"{name}_{kind}.mtx", form)
            case(file, read(file))
    counts = scipy.sparse.coo_matrix((square > 0).astype(int) * draw.integers(1, 9, (12, 12)))
    file = write("integer.mtx", counts)
    case(file, read(file))
    file = write("unsigned.mtx", counts.astype(numpy.uint32))
    case(file, read(file))
    file = write("pattern.mtx", counts, field="pattern")
    case(file, read(file))
    open(path("repeated.mtx"), "w").write("%%MatrixMarket matrix coordinate real general\n% twice\n\n"
                                          "3 2 5\n3 1 0.1\n1 1 1.5\n1 1 2\n2 2 -1e-3\n1 2 7\n")
    case("repeated.mtx", read("repeated.mtx"))


ARFF = """% Weka writes comments so
%
@RELATION 'a b'

@ATTRIBUTE "length of \\"it\\"" NUMERIC
@attribute 'it\\'s colour' { red,'light blue' , "dark, green",none}
@Attribute count integer   % whole
@attribute\tclass {yes , no}

@DATA
1.5,red,3,yes
% a comment between
-2e-3, 'light blue', 4 ,no
0.1,"dark, green",-5,yes

1e6,none,6,no
"""


def arff():
    import arff as liac
    import scipy.io.arff

    def expected(file):
        """Numbers as they are, nominal values as a column for each in the declared order; the last one is the class."""
        read = liac.load(open(path(file), encoding="utf-8"))
        columns = []
        for place, (_, kind) in enumerate(read["attributes"][:-1]):
            cells = [row[place] for row in read["data"]]
            if isinstance(kind, list):
                columns += [[float(cell == value) for cell in cells] for value in kind]
            else:
                columns.append(cells)
        kind = read["attributes"][-1][1]
        target = [row[-1] for row in read["data"]]
        target = [kind.index(cell) for cell in target] if isinstance(kind, list) else target
        return numpy.array(columns, dtype=numpy.float64).T, numpy.array(target, dtype=numpy.float64), kind

    def add(file, **options):
        values, target, kind = expected(file)
        case(file, values, target, **options)
        cases[-1]["classes"] = kind if isinstance(kind, list) else None

    for name, data, target, names in real_sets():
        attributes = [(f"f {i}", "REAL") for i in range(data.shape[1])]
        if names is None:
            attributes.append(("class", "NUMERIC"))
            rows = [list(row) + [float(y)] for row, y in zip(data, target)]
        else:
            texts = [f"class {text}" for text in names]
            attributes.append(("class", texts))
            rows = [list(row) + [texts[y]] for row, y in zip(data, target)]
        liac.dump({"relation": name, "attributes": attributes, "data": rows}, open(path(name + ".arff"), "w"))
        add(name + ".arff")
        if names is None:
            continue
        sparse = [{i: value for i, value in enumerate(row) if value != 0} for row in rows]
        liac.dump({"relation": name, "attributes": attributes, "data": sparse}, open(path(name + "_sparse.arff"), "w"))
        values, labels, kind = expected(name + ".arff")
        case(name + "_sparse.arff", values, labels)
        cases[-1]["classes"] = kind
    open(path("weka.arff"), "w").write(ARFF)
    values = numpy.array([[1.5, 1, 0, 0, 0, 3], [-2e-3, 0, 1, 0, 0, 4], [0.1, 0, 0, 1, 0, -5], [1e6, 0, 0, 0, 1, 6]])
    case("weka.arff", values, numpy.array([0, 1, 0, 1]))
    cases[-1]["classes"] = ["yes", "no"]
    open(path("dates.arff"), "w").write(
        "@relation d\n@attribute day date 'yyyy-MM-dd HH:mm:ss'\n@attribute x real\n@attribute y real\n@data\n"
        + "".join(f"'2019-0{m}-1{m} 0{m}:30:0{m}',{m / 7},{m}\n" for m in range(1, 10)))
    read, _ = scipy.io.arff.loadarff(path("dates.arff"))
    days = read["day"].astype("datetime64[s]").astype(numpy.int64)
    case("dates.arff", numpy.column_stack([days, read["x"]]), read["y"], times="seconds")


if KIND in ("hdf5", "mat"):
    importlib.import_module(KIND + "_references").write(case, path)
else:
    {"npy": npy, "npz": npz, "idx": idx, "mtx": mtx, "arff": arff}[KIND]()
json.dump(cases, open(path("cases.json"), "w"))
