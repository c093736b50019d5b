// The library that writes ONNX (core/model/export/onnx_part.h).

#include "core/model/export/onnx_part.h"

extern "C" {
// All of a part is hidden but this, which is looked up.
__attribute__((visibility("default"))) extern const zipml::exported::OnnxPart zipmlOnnxPart;
const zipml::exported::OnnxPart zipmlOnnxPart{zipml::exported::onnxOfLinear, zipml::exported::qonnxOfLinear,
                                              zipml::exported::onnxOfNetwork,
                                              zipml::exported::qonnxOfNetwork};
}
