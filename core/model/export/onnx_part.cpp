#include "core/model/export/onnx_part.h"

#include "core/base/part.h"
#include "core/model/export/writers.h"

namespace zipml::exported {

const OnnxPart& onnxPart() {
    static Part once({"onnx", kOnnxPart,
                      "ONNX files need libonnx and protobuf, which this build is without; install Debian's "
                      "libonnx-dev and libprotobuf-dev and build again with ZIPML_ONNX on (./dev build)",
                      "libonnx1 and libprotobuf32"});
    return *static_cast<const OnnxPart*>(once.entry());
}

std::string onnx(const LinearModel& model, const ExportOptions& options) {
    return onnxPart().linear(model, options);
}

} // namespace zipml::exported
