#include "core/data/task.h"

#include <algorithm>
#include <cmath>

namespace zipml {

std::set<double> distinctLabels(const Dataset& data) {
    std::set<double> distinct;
    const auto add = [&](const auto& labels) {
        for (const auto label : labels) {
            distinct.insert(label == 0 ? 0.0 : static_cast<double>(label)); // -0 is 0
            if (distinct.size() > kMostClasses)
                break;
        }
    };
    data.exactLabels.empty() ? add(data.labels) : add(data.exactLabels);
    return distinct;
}

Task detectTask(const Dataset& data, std::optional<Task> forced) {
    const auto labels = distinctLabels(data);
    const std::size_t distinct = labels.size();
    const bool texts = data.schema != nullptr && !data.schema->classNames().empty();
    const double offset = data.labelOffset();
    const bool whole = std::ranges::all_of(
        labels, [&](double label) { return label + offset == std::nearbyint(label + offset); });
    if (distinct < 2)
        throw InputError(data.name +
                         ": all labels are equal, so there is nothing to learn; check the label column" +
                         (forced == Task::Classification ? " (classification needs two classes)" : ""));
    if (forced == Task::Regression && texts)
        throw InputError(data.name + ": the labels are texts, which are classes; use task classification, or "
                                     "another label column");
    if (forced == Task::Classification && distinct > 2 && (!whole || distinct > kMostClasses))
        throw InputError(data.name + ": has " +
                         (whole ? "more than " + std::to_string(kMostClasses) + " different labels"
                                : "more than two different labels that are no whole numbers") +
                         "; classes are two, or up to " + std::to_string(kMostClasses) +
                         " whole numbers: use task regression with loss least-squares, or another label "
                         "column");
    return forced.value_or(distinct == 2 || texts ? Task::Classification : Task::Regression);
}

} // namespace zipml
