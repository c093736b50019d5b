#pragma once
/// What writes ONNX, a part of the program (core/base/part.h): it brings along protobuf. For exporters alone.

#include "core/model/export/format.h"

namespace zipml::deep {
struct Model;
enum class WeightFormat;
} // namespace zipml::deep

namespace zipml::exported {

/// The bytes of a file.
struct OnnxPart {
    std::string (*linear)(const LinearModel& model, const ExportOptions& options);
    std::string (*network)(const deep::Model& model, deep::WeightFormat format);
};
/// What the part's library exports, an OnnxPart.
inline constexpr const char* kOnnxPart = "zipmlOnnxPart";

/// @throws RunError that says what this build or this machine is without
const OnnxPart& onnxPart();

/// What the part has, in onnx.cpp and core/deep/onnx_network.cpp.
std::string onnxOfLinear(const LinearModel& model, const ExportOptions& options);
std::string onnxOfNetwork(const deep::Model& model, deep::WeightFormat format);

} // namespace zipml::exported
