"""run_network.py MODEL IMAGES OUT: classifies float32 images; writes OUT.logits (float32) and OUT.label (int64)."""
import sys

import numpy
import onnxruntime

model, images, out = sys.argv[1:]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
pixels = session.get_inputs()[0]
values = numpy.fromfile(images, dtype=numpy.float32).reshape(-1, *pixels.shape[1:])
logits, probabilities, label = session.run(["logits", "probabilities", "label"], {pixels.name: values})
assert abs(probabilities.sum(axis=1) - 1).max() < 1e-5
logits.tofile(out + ".logits")
label.tofile(out + ".label")
