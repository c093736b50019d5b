#include "core/quant/levels/interval_cost.h"

namespace zipml {

IntervalCost::IntervalCost(std::span<const float> sorted)
    : centre_((double{sorted.front()} + double{sorted.back()}) / 2) {
    std::size_t distinct = 1;
    for (std::size_t i = 1; i < sorted.size(); ++i)
        distinct += sorted[i] != sorted[i - 1] ? 1U : 0U;
    d_.reserve(distinct);
    u_.reserve(distinct);
    b_.reserve(distinct);
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double value = double{sorted[i]} - centre_;
        sum += value;
        squares += value * value;
        if (i + 1 < sorted.size() && sorted[i + 1] == sorted[i])
            continue; // weighted point: its last copy counts them all
        d_.push_back(value);
        u_.push_back(static_cast<double>(i + 1) * value - sum);
        b_.push_back(value * sum - squares);
    }
}

IntervalCost::IntervalCost(std::span<const float> sorted, std::span<const double> candidates)
    : centre_((candidates.front() + candidates.back()) / 2) {
    d_.reserve(candidates.size());
    u_.reserve(candidates.size());
    b_.reserve(candidates.size());
    double sum = 0;
    double squares = 0;
    std::size_t count = 0;
    for (const double candidate : candidates) {
        while (count < sorted.size() && sorted[count] <= candidate) {
            const double value = double{sorted[count++]} - centre_;
            sum += value;
            squares += value * value;
        }
        const double place = candidate - centre_;
        d_.push_back(place);
        u_.push_back(static_cast<double>(count) * place - sum);
        b_.push_back(place * sum - squares);
    }
}

IntervalCost::IntervalCost(const IntervalCost& all, std::span<const std::uint32_t> chosen)
    : centre_(all.centre_) {
    for (const std::uint32_t i : chosen) {
        d_.push_back(all.d_[i]);
        u_.push_back(all.u_[i]);
        b_.push_back(all.b_[i]);
    }
}

double totalCost(const IntervalCost& cost, std::span<const std::uint32_t> path) {
    double total = 0;
    for (std::size_t i = 1; i < path.size(); ++i)
        total += cost(path[i - 1], path[i]);
    return total;
}

std::vector<double> levelsOf(const IntervalCost& cost, std::span<const std::uint32_t> path) {
    std::vector<double> levels;
    levels.reserve(path.size());
    for (const std::uint32_t i : path)
        levels.push_back(cost.position(i));
    return levels;
}

} // namespace zipml
