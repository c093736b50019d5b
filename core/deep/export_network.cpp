#include "core/deep/export_network.h"

#include "core/model/export/onnx_part.h"

namespace zipml::deep {

std::string toOnnx(const Model& model, WeightFormat format) {
    return exported::onnxPart().network(model, format);
}

std::string toQonnx(const Model& model) {
    return exported::onnxPart().quantNetwork(model);
}

std::string_view qonnxRunsIn() {
    return exported::kQonnxRunsIn;
}

std::string_view onnxRunsIn() {
    return exported::kOnnxRunsIn;
}

} // namespace zipml::deep

namespace zipml {

template <>
std::span<const Named<deep::WeightFormat>> namesOf<deep::WeightFormat>() {
    using deep::WeightFormat;
    static constexpr Named<WeightFormat> kNames[] = {
        {WeightFormat::Integer, "integer", "Integers and levels",
         "Level numbers of one byte, and the levels."},
        {WeightFormat::Packed, "packed", "Integers, packed",
         "The same, two numbers in a byte where a layer has up to 16 levels."},
        {WeightFormat::Float, "float", "Floats", "The levels themselves."},
    };
    return kNames;
}

} // namespace zipml
