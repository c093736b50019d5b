#pragma once
/// Writing ONNX: what the exporters of this program share. For their sources only: it brings in protobuf.

#include <nlohmann/json.hpp>
#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace zipml::exported {

/// Opset 21 has integers of 4 bits and what onnx's reference evaluator computes rightly; ONNX Runtime 1.32
/// lacks kernels of opset 28.
inline constexpr int kOnnxOpset = 21;

/// A model with an empty graph. @param help what it is; where it runs is added
::onnx::ModelProto newOnnxModel(const std::string& name, const std::string& help);
void addMetadata(::onnx::ModelProto& model, const std::string& key, const std::string& value);
/// An input's or output's type: the first dimension, `rows`, is free.
void describe(::onnx::ValueInfoProto* value, const std::string& name, ::onnx::TensorProto::DataType type,
              const std::string& rows, const std::vector<std::int64_t>& others, const std::string& help);

/// Adds nodes to a graph, in the order of computation; each returns the name of its output.
class GraphBuilder {
  public:
    explicit GraphBuilder(::onnx::GraphProto& graph) : graph_(graph) {}

    std::string node(const std::string& type, const std::vector<std::string>& inputs,
                     const std::string& output, const std::string& domain = {});
    /// Of the node added last.
    GraphBuilder& attribute(const std::string& name, std::int64_t value);
    GraphBuilder& attribute(const std::string& name, float value);
    GraphBuilder& attribute(const std::string& name, const std::string& value);
    GraphBuilder& attribute(const std::string& name, const std::vector<std::int64_t>& values);

    template <class Value>
    std::string constant(const std::string& name, ::onnx::TensorProto::DataType type,
                         const std::vector<Value>& values, const std::vector<std::int64_t>& shape) {
        auto* tensor = graph_.add_initializer();
        tensor->set_name(name);
        tensor->set_data_type(type);
        for (const auto size : shape)
            tensor->add_dims(size);
        tensor->set_raw_data(values.data(), values.size() * sizeof(Value)); // little-endian, as ONNX wants
        return name;
    }
    /// One dimension of texts.
    std::string texts(const std::string& name, const std::vector<std::string>& values);
    std::string scalar(const std::string& name, double value) {
        return constant(name, ::onnx::TensorProto::FLOAT, std::vector{static_cast<float>(value)}, {});
    }

  private:
    ::onnx::AttributeProto* addAttribute(const std::string& name, ::onnx::AttributeProto::AttributeType type);
    ::onnx::GraphProto& graph_;
};

} // namespace zipml::exported
