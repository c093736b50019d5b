#include "core/model/export/rounded_model.h"

#include "core/model/export/integer_weights.h"

namespace zipml {

LinearModel roundedModel(LinearModel model, int bits, const GridSpec& grid) {
    const auto round = [&](LinearParameters& one) {
        const std::span<const double> weights(one.weights.data(),
                                              static_cast<std::size_t>(one.weights.size()));
        const auto rounded = exported::quantizeWeights(weights, bits, grid);
        for (std::size_t f = 0; f < rounded.codes.size(); ++f)
            one.weights[static_cast<Eigen::Index>(f)] = rounded.grid.level(rounded.codes[f]);
    };
    if (model.perClass.empty())
        round(model.parameters);
    for (LinearParameters& one : model.perClass)
        round(one);
    return model;
}

} // namespace zipml
