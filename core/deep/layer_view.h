#pragma once
/// What a network has learned, small enough to be shown: histograms of its weights with their levels, and the
/// first layer's filters.

#include "core/deep/deep_model.h"

namespace zipml::deep {

/// One weight blob.
struct LayerView {
    std::string name;                       ///< "conv1.weight"
    std::vector<int> shape;                 ///< outputs first
    double low = 0, high = 0;               ///< of the weights and the levels
    std::vector<std::uint32_t> counts;      ///< full-precision weights in equally wide bins from low to high
    std::vector<std::vector<float>> levels; ///< of each set; empty: not rounded
    double error = 0;                       ///< sum of (w - rounded w)^2 over that of w^2

    [[nodiscard]] std::size_t size() const;
};

/// Of every weight blob, in the network's order; fewer bins for fewer weights.
/// @param model trained for a minibatch at least: its levels are placed
std::vector<LayerView> layerViews(const Model& model);

/// The first layer's weights, output by output: as images where the input is one.
struct FilterBank {
    std::string layer;                ///< "conv1.weight"
    Shape shape;                      ///< of one filter
    std::size_t count = 0, total = 0; ///< how many are here, how many there are
    std::vector<float> full, rounded; ///< count x shape; as trained, and as the network computes with
};

/// @param model likewise @param most filters
FilterBank firstFilters(const Model& model, std::size_t most);

} // namespace zipml::deep
