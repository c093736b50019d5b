#pragma once
/// What writes ONNX, a part of the program (core/base/part.h): it brings along protobuf. For exporters alone.

#include "core/model/export/format.h"

namespace zipml::deep {
struct Model;
enum class WeightFormat;
} // namespace zipml::deep

namespace zipml::exported {

/// Where ONNX files run, measured (docs/file-formats.md#models).
inline constexpr std::string_view kOnnxRunsIn =
    "Opset 21, IR 10: checked with ONNX Runtime 1.32 and onnx's reference evaluator, within float32's "
    "rounding. OpenVINO rounds to bfloat16 on some CPUs unless EXECUTION_MODE_HINT is ACCURACY, and takes "
    "doubles as floats, so that features far from 0 beside their range are wrong there. tract 0.23 lacks "
    "integers of 4 bits (packed weights) and texts (names of classes).";
inline constexpr std::string_view kQonnxRunsIn =
    "QONNX: checked with qonnx 1.0 and hls4ml 1.3; a row at a time, scores only.";

/// The bytes of a file.
struct OnnxPart {
    std::string (*linear)(const LinearModel& model, const ExportOptions& options);
    std::string (*quantLinear)(const LinearModel& model, const ExportOptions& options); ///< QONNX
    std::string (*network)(const deep::Model& model, deep::WeightFormat format);
    std::string (*quantNetwork)(const deep::Model& model); ///< QONNX
};
/// What the part's library exports, an OnnxPart.
inline constexpr const char* kOnnxPart = "zipmlOnnxPart";

/// @throws RunError that says what this build or this machine is without
const OnnxPart& onnxPart();

/// What the part has, in onnx.cpp, qonnx.cpp and core/deep/onnx_network.cpp.
std::string onnxOfLinear(const LinearModel& model, const ExportOptions& options);
std::string qonnxOfLinear(const LinearModel& model, const ExportOptions& options);
std::string onnxOfNetwork(const deep::Model& model, deep::WeightFormat format);
std::string qonnxOfNetwork(const deep::Model& model);

} // namespace zipml::exported
