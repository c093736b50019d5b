"""run_onnx_everywhere.py JOBS: runs each model of a JSON list of {"name", "model", "input", "score", "label",
"probabilities"} (files; input, score and probabilities float64 and row-major, label a JSON list) in ONNX Runtime's default
session, in one without optimizations, and in onnx's reference evaluator. Prints for each name and each of the three how far
the results are from those given: scores and probabilities in units of the largest score (probabilities: absolute), and how
many labels differ."""
import json
import sys

import numpy
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator


def sessions(model):
    providers = ["CPUExecutionProvider"]
    plain = onnxruntime.SessionOptions()
    plain.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    yield "default", onnxruntime.InferenceSession(model, providers=providers)
    yield "unoptimized", onnxruntime.InferenceSession(model, plain, providers=providers)
    yield "reference", ReferenceEvaluator(model)


def measure(job):
    proto = onnx.load(job["model"])
    onnx.checker.check_model(proto, full_check=True)
    entry = proto.graph.input[0]
    shape = [d.dim_value for d in entry.type.tensor_type.shape.dim]
    kind = numpy.float64 if entry.type.tensor_type.elem_type == onnx.TensorProto.DOUBLE else numpy.float32
    values = numpy.fromfile(job["input"], dtype=numpy.float64).reshape(-1, *shape[1:]).astype(kind)
    rows = len(values)
    names = [output.name for output in proto.graph.output]
    wanted = {key: numpy.fromfile(job[key], dtype=numpy.float64).reshape(rows, -1) for key in ("score", "probabilities") if key in job}
    if "score" in names: # of a network they are always there
        assert ("probabilities" in names) == ("probabilities" in wanted), names
    scale = abs(wanted["score"]).max()
    results = {}
    for where, session in sessions(job["model"]):
        found = dict(zip(names, session.run(names, {entry.name: values})))
        # Networks call their scores logits.
        found["score"] = found.get("score", found.get("logits"))
        result = {"score": float(abs(found["score"].reshape(rows, -1) - wanted["score"]).max() / scale)}
        if "probabilities" in wanted:
            result["probabilities"] = float(abs(found["probabilities"] - wanted["probabilities"]).max())
        if "label" in job:
            assert found["label"].shape == (rows,), found["label"].shape
            result["labels_differ"] = sum(a != b for a, b in zip(found["label"].tolist(), job["label"]))
        results[where] = result
    return results


jobs = json.load(open(sys.argv[1]))
print(json.dumps({job["name"]: measure(job) for job in jobs}))
