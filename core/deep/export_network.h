#pragma once
/// Trained networks for other programs: ONNX, from pixels to label.

#include "core/deep/deep_model.h"

namespace zipml::deep {

enum class WeightFormat {
    Integer, ///< level numbers of one byte, and the levels: DequantizeLinear where they are equally spaced
             ///< around 0, else a look-up (Gather)
    Packed,  ///< the same, two numbers in a byte (UINT4) where a layer has up to 16 levels
    Float,   ///< the levels themselves
};

/// The file's bytes. Input "images": pixels from 0 to 255, images x channels x height x width; outputs
/// "logits", "probabilities" and "label". Weights are those that the network was evaluated with.
/// @throws RunError where this build or this machine is without ONNX
std::string toOnnx(const Model& model, WeightFormat format);

/// QONNX, for compilers of hardware: one image at a time, and one output, the logits. Weights and rounded
/// activations go through Quant nodes of their true bit width.
/// @throws InputError where the levels of a layer are not equally spaced around 0, RunError as toOnnx
std::string toQonnx(const Model& model);

/// Where such files run, in sentences.
std::string_view onnxRunsIn();
std::string_view qonnxRunsIn();

} // namespace zipml::deep

namespace zipml {
template <>
std::span<const Named<deep::WeightFormat>> namesOf<deep::WeightFormat>();
}
