#pragma once
/// Writing QONNX: the nodes that say how many bits a value has, for models of all kinds.

#include "core/model/export/onnx_graph.h"

#include <string>
#include <vector>

namespace zipml::exported {

/// A model with an empty graph that may have Quant and BipolarQuant nodes.
::onnx::ModelProto newQonnxModel(const std::string& name, const std::string& help);
/// An input's or output's type: floats, all extents fixed, as compilers of hardware want them.
void describeFixed(::onnx::ValueInfoProto* value, const std::string& name,
                   const std::vector<std::int64_t>& extents, const std::string& help);

/// Integers of so many bits; narrow: of as many negative as positive ones.
struct QuantType {
    int bits = 8;
    bool isSigned = true, narrow = false;
};
/// scale * integer nearest to value / scale. @param scale the name of a constant that goes with the value
std::string addQuant(GraphBuilder& graph, const std::string& value, const std::string& scale,
                     const QuantType& type, const std::string& output);
/// scale or -scale, by the sign; 0 counts as positive.
std::string addBipolarQuant(GraphBuilder& graph, const std::string& value, const std::string& scale,
                            const std::string& output);

} // namespace zipml::exported
