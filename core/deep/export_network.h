#pragma once
/// Trained networks for other programs: ONNX, from pixels to label.

#include "core/deep/deep_model.h"

namespace zipml::deep {

enum class WeightFormat {
    Integer, ///< level numbers of one byte, and the levels: DequantizeLinear where they are equally spaced
             ///< around 0, else a look-up (GatherElements)
    Float,   ///< the levels themselves
};

/// The file's bytes. Input "images": pixels from 0 to 255, images x channels x height x width; outputs
/// "logits", "probabilities" and "label". Weights are those that the network was evaluated with.
std::string toOnnx(const Model& model, WeightFormat format);

} // namespace zipml::deep

namespace zipml {
template <>
std::span<const Named<deep::WeightFormat>> namesOf<deep::WeightFormat>();
}
