#pragma once
/// Imputation fills in missing values with what the training rows tell, and remembers which were missing.

#include "core/data/dataset.h"
#include "core/data/load_options.h"

namespace zipml {

/// Fitted on training rows; kept with the model.
struct Imputation {
    std::vector<double> fill; ///< by feature, less the schema's offset; empty: nothing was missing
    /// Features that had missing values in training, increasing: each gets a feature behind all others that
    /// is 1 where its value was missing, else 0.
    std::vector<std::size_t> indicators;

    [[nodiscard]] bool active() const { return !fill.empty(); }
    /// Features before the indicators.
    [[nodiscard]] std::size_t features() const { return fill.size(); }
    /// Fills in and appends the indicators. @param data with `features()` features
    void apply(Dataset& data) const;
};

/// @param policy Mean or Median of the values present in each feature (0 where none is); of another policy
/// nothing is left to fill in.
Imputation fitImputation(const Dataset& training, const MissingPolicy& policy);

} // namespace zipml
