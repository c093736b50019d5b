"""run_onnx.py MODEL ROWS OUT: predicts float32 rows; writes OUT.score (float32) and OUT.label (float64)."""
import sys

import numpy
import onnxruntime

model, rows, out = sys.argv[1:]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
features = session.get_inputs()[0]
values = numpy.fromfile(rows, dtype=numpy.float32).reshape(-1, features.shape[1])
results = dict(zip([output.name for output in session.get_outputs()], session.run(None, {features.name: values})))
results["score"].tofile(out + ".score")
if "label" in results:
    results["label"].astype(numpy.float64).tofile(out + ".label")
