"""run_qonnx.py ROWS [MODEL OUT BITS]...: computes QONNX files' outputs row by row in onnx's reference evaluator, with Quant and
BipolarQuant as QONNX defines them, and writes each to its OUT (float32). Asserts that the weights are numbers of BITS bits on
their steps, and that shapes are fixed."""
import sys

import numpy
import onnx
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

seen = []


class Quant(OpRun):
    op_domain = "qonnx.custom_op.general"

    def _run(self, value, scale, zero, bits, signed=None, narrow=None, rounding_mode=None):
        assert rounding_mode == "ROUND" and bits == int(bits)
        seen.append(int(bits))
        low = -(2 ** (bits - 1)) + narrow if signed else 0
        high = 2 ** (bits - 1) - 1 if signed else 2**bits - 1 - narrow
        number = numpy.clip(numpy.round(value / scale + zero), low, high)
        assert abs((number - zero) * scale - value).max() <= 1e-6 * scale.max(), "not on the steps"
        return (((number - zero) * scale).astype(numpy.float32),)


class BipolarQuant(OpRun):
    op_domain = "qonnx.custom_op.general"

    def _run(self, value, scale):
        seen.append(1)
        assert (abs(value) == scale).all()
        return (numpy.where(value >= 0, scale, -scale).astype(numpy.float32),)


rows = sys.argv[1]
for path, out, bits in zip(*[iter(sys.argv[2:])] * 3):
    model = onnx.load(path)
    assert {entry.domain for entry in model.opset_import} == {"", "qonnx.custom_op.general"}
    entry = model.graph.input[0]
    shape = [d.dim_value for d in entry.type.tensor_type.shape.dim]
    assert shape[0] == 1 and all(shape), shape
    values = numpy.fromfile(rows, dtype=numpy.float32).reshape(-1, *shape)
    evaluator = ReferenceEvaluator(model, new_ops=[Quant, BipolarQuant])
    seen.clear()
    scores = numpy.concatenate([evaluator.run(None, {entry.name: row})[0] for row in values])
    scores.astype(numpy.float32).tofile(out)
    assert set(seen) == {int(bits)}, set(seen)
