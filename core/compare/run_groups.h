#pragma once
/// Runs are taken together: those that differ in their seed alone, or that have a setting in common. A group
/// is shown as mean and deviation.

#include "core/compare/run_facts.h"

namespace zipml {

struct Grouping {
    enum class Kind { None, Alike, Setting };
    Kind kind = Kind::None;
    std::size_t setting = 0; ///< of Setting: its place among specKeys()
    bool operator==(const Grouping&) const = default;
};

/// Indices of `runs`, in their order; a group stands where its first run does. None: each by itself. Alike:
/// what never changes a result (name, threads) does not part them, nor does the seed.
std::vector<std::vector<std::size_t>> groupsOf(std::span<const RunFacts* const> runs, const Grouping& by);

/// Of some runs' numbers.
struct Spread {
    double mean = 0;
    std::optional<double> deviation; ///< the sample's standard deviation; of two and more, where finite
};
/// Empty where one of them has no number.
std::optional<Spread> spreadOf(std::span<const std::optional<double>> numbers);

} // namespace zipml
