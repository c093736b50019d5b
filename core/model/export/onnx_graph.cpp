#include "core/model/export/onnx_graph.h"

#include "core/model/export/onnx_part.h"

namespace zipml::exported {

::onnx::ModelProto newOnnxModel(const std::string& name, const std::string& help) {
    constexpr int kIrVersion = 10; // the first with opset 21, of ONNX 1.16
    ::onnx::ModelProto model;
    model.set_ir_version(kIrVersion);
    model.set_producer_name("ZipML Lab");
    model.set_producer_version(ZIPML_VERSION);
    model.add_opset_import()->set_version(kOnnxOpset);
    model.mutable_graph()->set_name(name);
    model.mutable_graph()->set_doc_string(help);
    model.set_doc_string(help + " " + std::string(kOnnxRunsIn));
    return model;
}

void addMetadata(::onnx::ModelProto& model, const std::string& key, const std::string& value) {
    auto* entry = model.add_metadata_props();
    entry->set_key(key);
    entry->set_value(value);
}

void describe(::onnx::ValueInfoProto* value, const std::string& name, ::onnx::TensorProto::DataType type,
              const std::string& rows, const std::vector<std::int64_t>& others, const std::string& help) {
    value->set_name(name);
    value->set_doc_string(help);
    auto* tensor = value->mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(type);
    tensor->mutable_shape()->add_dim()->set_dim_param(rows);
    for (const auto size : others)
        tensor->mutable_shape()->add_dim()->set_dim_value(size);
}

std::string GraphBuilder::node(const std::string& type, const std::vector<std::string>& inputs,
                               const std::string& output, const std::string& domain) {
    auto* node = graph_.add_node();
    if (!domain.empty())
        node->set_domain(domain);
    node->set_op_type(type);
    node->set_name(output);
    for (const auto& input : inputs)
        node->add_input(input);
    node->add_output(output);
    return output;
}

std::string GraphBuilder::texts(const std::string& name, const std::vector<std::string>& values) {
    auto* tensor = graph_.add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(::onnx::TensorProto::STRING);
    tensor->add_dims(static_cast<std::int64_t>(values.size()));
    for (const auto& value : values)
        tensor->add_string_data(value);
    return name;
}

::onnx::AttributeProto* GraphBuilder::addAttribute(const std::string& name,
                                                   ::onnx::AttributeProto::AttributeType type) {
    auto* attribute = graph_.mutable_node(graph_.node_size() - 1)->add_attribute();
    attribute->set_name(name);
    attribute->set_type(type);
    return attribute;
}

GraphBuilder& GraphBuilder::attribute(const std::string& name, std::int64_t value) {
    addAttribute(name, ::onnx::AttributeProto::INT)->set_i(value);
    return *this;
}

GraphBuilder& GraphBuilder::attribute(const std::string& name, float value) {
    addAttribute(name, ::onnx::AttributeProto::FLOAT)->set_f(value);
    return *this;
}

GraphBuilder& GraphBuilder::attribute(const std::string& name, const std::string& value) {
    addAttribute(name, ::onnx::AttributeProto::STRING)->set_s(value);
    return *this;
}

GraphBuilder& GraphBuilder::attribute(const std::string& name, const std::vector<std::int64_t>& values) {
    auto* attribute = addAttribute(name, ::onnx::AttributeProto::INTS);
    for (const auto value : values)
        attribute->add_ints(value);
    return *this;
}

} // namespace zipml::exported
