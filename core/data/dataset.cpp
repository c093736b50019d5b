#include "core/data/dataset.h"

namespace zipml {

template <>
std::span<const Named<Task>> namesOf<Task>() {
    static constexpr Named<Task> table[] = {
        {Task::Regression, "regression", "Regression", "Predict a number."},
        {Task::Classification, "classification", "Classification", "Tell two classes apart."},
    };
    return table;
}

std::string featureName(const Dataset& data, std::size_t feature) {
    return data.featureNames.empty() ? "x" + std::to_string(feature + 1) : data.featureNames[feature];
}

} // namespace zipml
