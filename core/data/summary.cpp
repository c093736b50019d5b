#include "core/data/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace zipml {
namespace {

/// Running statistics of a column's values that are present.
class ColumnStatistics {
  public:
    void add(double value) {
        if (std::isnan(value)) {
            ++missing_;
            return;
        }
        ++count_;
        low_ = std::min(low_, value);
        high_ = std::max(high_, value);
        const double before = value - mean_; // Welford: no cancellation in columns with a large common part
        mean_ += before / static_cast<double>(count_);
        squares_ += before * (value - mean_);
    }

    [[nodiscard]] ColumnSummary summary(std::string name) const {
        ColumnSummary summary;
        summary.name = std::move(name);
        summary.missing = missing_;
        if (count_ == 0)
            return summary;
        summary.minimum = low_;
        summary.maximum = high_;
        summary.mean = mean_;
        summary.deviation = std::sqrt(squares_ / static_cast<double>(count_));
        summary.constant = low_ == high_;
        return summary;
    }

  private:
    std::size_t count_ = 0, missing_ = 0;
    double low_ = std::numeric_limits<double>::infinity();
    double high_ = -std::numeric_limits<double>::infinity();
    double mean_ = 0, squares_ = 0;
};

constexpr std::size_t kMostLabels = 32;

/// Distinct label values, as long as there are at most `most`; else the first `most` + 1.
std::set<float> distinctLabels(const Dataset& data, std::size_t most) {
    std::set<float> distinct;
    for (const float label : data.labels) {
        distinct.insert(label);
        if (distinct.size() > most)
            break;
    }
    return distinct;
}

} // namespace

DataSummary summarize(const LoadedData& loaded) {
    const Dataset& data = loaded.data;
    DataSummary summary;
    summary.rows = data.rows;
    summary.features = data.features;
    std::vector<ColumnStatistics> columns(data.features);
    std::size_t nonzero = 0;
    for (std::size_t r = 0; r < data.rows; ++r) {
        const auto row = data.row(r);
        for (std::size_t f = 0; f < data.features; ++f) {
            columns[f].add(row[f]);
            nonzero += row[f] != 0 && !std::isnan(row[f]) ? 1U : 0U;
        }
    }
    for (std::size_t f = 0; f < data.features; ++f) {
        summary.columns.push_back(columns[f].summary(featureName(data, f)));
        summary.missing += summary.columns.back().missing;
    }
    ColumnStatistics labels;
    for (const float label : data.labels)
        labels.add(label);
    summary.label = labels.summary(loaded.labelName.empty() ? "label" : loaded.labelName);
    if (!data.values.empty())
        summary.nonzeroShare = static_cast<double>(nonzero) / static_cast<double>(data.values.size());
    if (loaded.hasLabels && distinctLabels(data, kMostLabels).size() <= kMostLabels)
        for (const float label : data.labels)
            ++summary.labelCounts[label];
    summary.task = summary.labelCounts.size() == 2 ? Task::Classification : Task::Regression;
    return summary;
}

bool DataSummary::mayBeClasses() const {
    return task == Task::Regression && labelCounts.size() > 2 &&
           std::ranges::all_of(labelCounts,
                               [](const auto& count) { return count.first == std::nearbyint(count.first); });
}

Task detectTask(const Dataset& data, std::optional<Task> forced) {
    const auto labels = distinctLabels(data, kMostClasses);
    const std::size_t distinct = labels.size();
    const bool whole =
        std::ranges::all_of(labels, [](float label) { return label == std::nearbyint(label); });
    if (distinct < 2)
        throw InputError(data.name +
                         ": all labels are equal, so there is nothing to learn; check the label column" +
                         (forced == Task::Classification ? " (classification needs two classes)" : ""));
    if (forced == Task::Classification && distinct > 2 && (!whole || distinct > kMostClasses))
        throw InputError(data.name + ": has " +
                         (whole ? "more than " + std::to_string(kMostClasses) + " different labels"
                                : "more than two different labels that are no whole numbers") +
                         "; classes are two, or up to " + std::to_string(kMostClasses) +
                         " whole numbers: use task regression with loss least-squares, or another label "
                         "column");
    return forced.value_or(distinct == 2 ? Task::Classification : Task::Regression);
}

} // namespace zipml
