#pragma once
/// A linear model on raw data, its scaling folded in. Plain float32 arithmetic loses digits where a feature's
/// offset is large beside its spread, so each value first has a float32 centre subtracted:
///   score = constant + sum_f factor[f] * weight[f] * (value[f] - centre[f])
/// What the centre's rounding to float32 changes is in the constant.

#include "core/model/linear_model.h"

#include <vector>

namespace zipml::exported {

struct FoldedModel {
    bool unitRows = false;      ///< each row is first divided by its Euclidean norm (a row of zeros is kept)
    std::vector<float> centre;  ///< one a feature, the feature's units
    std::vector<double> factor; ///< scaled = (value - centre) * factor
    std::vector<double> weight; ///< of scaled values
    double constant = 0;
    bool wide = false; ///< raw values need doubles: training read them less an offset (Schema::offsets)

    [[nodiscard]] std::size_t features() const { return weight.size(); }
    [[nodiscard]] bool centred() const; ///< some centre is not 0
};

/// @param middle of the scaled values: what a centred value of 0 stands for
FoldedModel fold(const LinearModel& model, double middle = 0);

/// "0 setosa, 1 versicolor": what the numbers of classes with names stand for; empty where they have none.
std::string classList(const LinearModel& model);

/// LIBSVM-style whole labels: both class labels are whole numbers of at most 2^53.
bool wholeLabels(const LinearModel& model);

} // namespace zipml::exported
