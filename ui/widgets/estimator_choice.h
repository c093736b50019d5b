#pragma once
/// A panel offers estimators by what their rows say, so that one that is added appears by itself.

#include "core/estimate/estimator.h"

#include <algorithm>
#include <vector>

namespace zipml::ui {

/// Those that `fits` takes: `first` in this order, then the others in that of the table.
inline std::vector<EstimatorKind> estimatorsThat(bool (*fits)(const Estimator&),
                                                 std::vector<EstimatorKind> first = {}) {
    for (const auto& entry : namesOf<EstimatorKind>())
        if (fits(estimatorOf(entry.value)) && std::ranges::find(first, entry.value) == first.end())
            first.push_back(entry.value);
    return first;
}

} // namespace zipml::ui
