#include "core/model/export/qonnx_graph.h"

#include "core/model/export/onnx_part.h"

namespace zipml::exported {
namespace {

constexpr const char* kDomain = "qonnx.custom_op.general";

} // namespace

::onnx::ModelProto newQonnxModel(const std::string& name, const std::string& help) {
    ::onnx::ModelProto model = newOnnxModel(name, help);
    model.set_doc_string(help + " " + std::string(kQonnxRunsIn));
    auto* operators = model.add_opset_import();
    operators->set_domain(kDomain);
    operators->set_version(1);
    return model;
}

void describeFixed(::onnx::ValueInfoProto* value, const std::string& name,
                   const std::vector<std::int64_t>& extents, const std::string& help) {
    value->set_name(name);
    value->set_doc_string(help);
    auto* tensor = value->mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(::onnx::TensorProto::FLOAT);
    for (const auto size : extents)
        tensor->mutable_shape()->add_dim()->set_dim_value(size);
}

std::string addQuant(GraphBuilder& graph, const std::string& value, const std::string& scale,
                     const QuantType& type, const std::string& output) {
    const auto zero = graph.scalar(output + ".zero", 0);
    const auto bits = graph.scalar(output + ".bits", type.bits);
    graph.node("Quant", {value, scale, zero, bits}, output, kDomain);
    graph.attribute("signed", std::int64_t{type.isSigned})
        .attribute("narrow", std::int64_t{type.narrow})
        .attribute("rounding_mode", std::string("ROUND"));
    return output;
}

std::string addBipolarQuant(GraphBuilder& graph, const std::string& value, const std::string& scale,
                            const std::string& output) {
    return graph.node("BipolarQuant", {value, scale}, output, kDomain);
}

} // namespace zipml::exported
