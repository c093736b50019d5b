"""check_qonnx.py MODEL ROWS [DIR]: by hand, in an environment with qonnx and hls4ml (pip) and g++. Runs a linear model or a network
in QONNX (zipml export --to qonnx, zipml deep export --to qonnx) on float32 ROWS (row-major, as numpy's tofile writes) in qonnx's
own executor, then as C compiled by hls4ml, with its numbers as fixed-point ones of 32 bits, 16 of them whole. Prints the bit width
that qonnx finds of each weight, and how far hls4ml's scores are from qonnx's in units of the largest."""
import sys
import tempfile

import numpy
import onnx
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.core.onnx_exec import execute_onnx
from qonnx.util.cleanup import cleanup_model

path, rows = sys.argv[1:3]
model = cleanup_model(ModelWrapper(onnx.load(path)))
entry, output = model.graph.input[0].name, model.graph.output[0].name
shape = model.get_tensor_shape(entry)
values = numpy.fromfile(rows, dtype=numpy.float32).reshape(-1, *shape[1:])[:50]
wanted = numpy.concatenate([execute_onnx(model, {entry: row[None]})[output] for row in values])
print("qonnx:", wanted.shape, "largest score", abs(wanted).max())
for node in model.graph.node:
    if node.op_type == "Quant":
        print(" ", node.output[0], "bits", model.get_initializer(node.input[3]))
    elif node.op_type == "BipolarQuant":
        print(" ", node.output[0], "bits 1")

import hls4ml
from qonnx.transformation.channels_last import ConvertToChannelsLastAndClean
from qonnx.transformation.gemm_to_matmul import GemmToMatMul

if len(shape) == 4:
    model = model.transform(ConvertToChannelsLastAndClean()).transform(GemmToMatMul())
    model = cleanup_model(model)
config = hls4ml.utils.config.config_from_onnx_model(model, granularity="name", backend="Vitis", default_precision="fixed<32,16>")
folder = sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp()
hls = hls4ml.converters.convert_from_onnx_model(model, output_dir=folder, backend="Vitis", io_type="io_parallel", hls_config=config)
hls.compile()
inputs = numpy.ascontiguousarray(values if len(shape) == 2 else values.transpose(0, 2, 3, 1))
found = hls.predict(inputs).reshape(wanted.shape)
print("hls4ml: difference", abs(found - wanted).max() / abs(wanted).max(), "labels differ", int((found.argmax(1) != wanted.argmax(1)).sum()))
