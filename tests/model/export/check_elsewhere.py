"""check_elsewhere.py JOBS: by hand, in an environment with openvino, tract, onnxslim and onnxruntime (pip): how far other
programs are from `zipml predict` on the models of tests/cli/export_matrix_test, which keeps them in the folder
ZIPML_MATRIX_DIR with JOBS, its jobs.json. Prints a Markdown table: scores in units of the largest score, labels that differ,
or why a program refused."""
import json
import sys
import warnings

import numpy
import onnx

warnings.filterwarnings("ignore")


def openvino(path, values, mode):
    import openvino as ov

    core = ov.Core()
    core.set_property("CPU", {"EXECUTION_MODE_HINT": mode})
    compiled = core.compile_model(path, "CPU")
    found = compiled(values)
    return {output.get_any_name(): found[output] for output in compiled.outputs}


def tract_(path, values):
    import tract

    model = tract.onnx().load(path)
    names = [model.output_name(i) for i in range(model.output_count())]
    model.set_input_fact(0, f"{','.join(map(str, values.shape))},{'f64' if values.dtype == numpy.float64 else 'f32'}")
    results = model.into_model().into_runnable().run([values])
    return {name: result.to_numpy() for name, result in zip(names, results)}


def slim(path, values):
    import onnxruntime
    import onnxslim

    proto = onnxslim.slim(onnx.load(path))
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: values})))


RUNTIMES = {
    "OpenVINO, ACCURACY": lambda path, values: openvino(path, values, "ACCURACY"),
    "OpenVINO, as it comes": lambda path, values: openvino(path, values, "PERFORMANCE"),
    "tract": tract_,
    "onnxslim, ONNX Runtime": slim,
}


def measure(job, run):
    entry = onnx.load(job["model"]).graph.input[0]
    shape = [d.dim_value for d in entry.type.tensor_type.shape.dim]
    kind = numpy.float64 if entry.type.tensor_type.elem_type == onnx.TensorProto.DOUBLE else numpy.float32
    values = numpy.fromfile(job["input"], dtype=numpy.float64).reshape(-1, *shape[1:]).astype(kind)
    wanted = numpy.fromfile(job["score"], dtype=numpy.float64).reshape(len(values), -1)
    try:
        found = run(job["model"], values)
    except Exception as error:  # whatever a program refuses with
        return "refused: " + str(error).strip().splitlines()[0][:80].replace("|", "/")
    text = f"{abs(found['score'].reshape(len(values), -1) - wanted).max() / abs(wanted).max():.1e}"
    if "label" in job and "label" in found:
        differ = sum(a != b for a, b in zip(found["label"].tolist(), job["label"]))
        text += f", {differ} labels differ" if differ else ""
    return text


jobs = json.load(open(sys.argv[1]))
print("| model |", " | ".join(RUNTIMES), "|")
print("| --- |" + " --- |" * len(RUNTIMES))
for job in jobs:
    print("|", job["name"], "|", " | ".join(measure(job, run) for run in RUNTIMES.values()), "|", flush=True)
