#include "core/deep/export_network.h"

#include "core/model/export/onnx_part.h"

namespace zipml::deep {

std::string toOnnx(const Model& model, WeightFormat format) {
    return exported::onnxPart().network(model, format);
}

} // namespace zipml::deep

namespace zipml {

template <>
std::span<const Named<deep::WeightFormat>> namesOf<deep::WeightFormat>() {
    using deep::WeightFormat;
    static constexpr Named<WeightFormat> kNames[] = {
        {WeightFormat::Integer, "integer", "Integers and levels",
         "Level numbers of one byte, and the levels."},
        {WeightFormat::Float, "float", "Floats", "The levels themselves."},
    };
    return kNames;
}

} // namespace zipml
