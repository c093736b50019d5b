#pragma once
/// Given rows are training data that a program holds in memory itself, an array of NumPy's say.

#include "core/data/scaling.h"

#include <span>
#include <string>
#include <vector>

namespace zipml {

struct GivenRows {
    std::string name = "rows"; ///< for titles, tables and messages
    std::size_t rows = 0;
    std::size_t features = 0;
    std::span<const float> values;              ///< rows * features, row-major, finite; never written to
    std::span<const double> labels;             ///< one a row, finite
    std::vector<std::string> featureNames = {}; ///< `features` names, or empty
    /// Classification: all labels that there are, increasing, of which these rows may lack some; empty: theirs, or
    /// with a `scaling` a regression.
    std::vector<double> classLabels = {};
    const Scaling* scaling = nullptr; ///< fitted to other rows; null: fitted to these
};

} // namespace zipml
