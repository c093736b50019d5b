#include "core/data/imputation.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

double meanOf(const std::vector<float>& values) {
    double sum = 0;
    for (const float value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

double medianOf(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    const float below = *std::max_element(values.begin(), middle);
    return (double{below} + *middle) / 2;
}

} // namespace

void Imputation::apply(Dataset& data) const {
    if (!active() || data.features == 0) // nothing was missing, or there is no test set
        return;
    const std::size_t before = data.features;
    const std::size_t after = before + indicators.size();
    std::vector<float> values;
    values.reserve(data.rows * after);
    for (std::size_t r = 0; r < data.rows; ++r) {
        const auto row = data.row(r);
        for (std::size_t f = 0; f < before; ++f)
            values.push_back(std::isnan(row[f]) ? static_cast<float>(fill[f]) : row[f]);
        for (const std::size_t f : indicators)
            values.push_back(std::isnan(row[f]) ? 1.0F : 0.0F);
    }
    if (data.featureNames.empty() && !indicators.empty())
        for (std::size_t f = 0; f < before; ++f)
            data.featureNames.push_back("x" + std::to_string(f + 1));
    for (const std::size_t f : indicators)
        data.featureNames.push_back(data.featureNames[f] + " missing");
    data.values = std::move(values);
    data.features = after;
}

Imputation fitImputation(const Dataset& training, const MissingPolicy& policy) {
    using Kind = MissingPolicy::Kind;
    if (policy.kind != Kind::Mean && policy.kind != Kind::Median)
        return {};
    Imputation imputation;
    std::vector<float> present;
    for (std::size_t f = 0; f < training.features; ++f) {
        present.clear();
        for (std::size_t r = 0; r < training.rows; ++r)
            if (const float value = training.row(r)[f]; !std::isnan(value))
                present.push_back(value);
        if (present.size() < training.rows)
            imputation.indicators.push_back(f);
        imputation.fill.push_back(present.empty()             ? 0
                                  : policy.kind == Kind::Mean ? meanOf(present)
                                                              : medianOf(present));
    }
    return imputation;
}

} // namespace zipml
