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

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kOnnxExport{
    .name = "onnx",
    .extension = "onnx",
    .title = "ONNX",
    .summary = "A graph for ONNX Runtime and others; weights as floats, or as integers with their levels.",
    .integerWeights = true,
    .placedLevels = true,
    .write = exported::onnx,
};

} // namespace zipml
