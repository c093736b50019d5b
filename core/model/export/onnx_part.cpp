#include "core/model/export/onnx_part.h"

#include "core/base/part.h"
#include "core/model/export/format.h"

namespace zipml::exported {

const OnnxPart& onnxPart() {
    static Part once({"onnx", kOnnxPart,
                      "ONNX files need libonnx and protobuf, which this build is without; install Debian's "
                      "libonnx-dev and libprotobuf-dev and build again with ZIPML_ONNX on (./dev build)",
                      "libonnx1 and libprotobuf32"});
    return *static_cast<const OnnxPart*>(once.entry());
}

static std::string onnx(const LinearModel& model, const ExportOptions& options) {
    return onnxPart().linear(model, options);
}

static std::string qonnx(const LinearModel& model, const ExportOptions& options) {
    return onnxPart().quantLinear(model, options);
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kOnnxExport{
    .name = "onnx",
    .extension = "onnx",
    .title = "ONNX",
    .summary =
        "A graph for ONNX Runtime and others, from raw values to score, label and, after logistic loss, "
        "probabilities; weights as floats, or as integers with their levels.",
    .runsIn = exported::kOnnxRunsIn,
    .integerWeights = true,
    .placedLevels = true,
    .packedWeights = true,
    .manyClasses = true,
    .write = exported::onnx,
};

constinit const ModelFormat kQonnxExport{
    .name = "qonnx",
    .extension = "qonnx",
    .title = "QONNX",
    .summary = "ONNX with nodes that say the weights' true bit width, for compilers of hardware.",
    .runsIn = exported::kQonnxRunsIn,
    .integerWeights = true,
    .manyClasses = true,
    .write = exported::qonnx,
};

} // namespace zipml
