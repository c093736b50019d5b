#pragma once
/// A switch is what a run changes while it trains: from an epoch on, other bits, another estimator or other
/// levels. A person does it in the window; the record says it, so that the run can be repeated.

#include "core/estimate/estimator.h"
#include "core/quant/grid_spec.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

struct RunSwitch {
    int epoch = 1;           ///< the first one that it trains, from 1
    std::optional<int> bits; ///< 1 to 16, as RunSpec::bits; what is empty stays
    std::optional<EstimatorKind> estimator;
    std::optional<GridSpec> grid;
    bool operator==(const RunSwitch&) const = default;
};

/// "21:bits=5;30:estimator=naive;30:grid=optimal"; those of an epoch become one switch, epochs ascend.
/// @throws InputError that says what would be right
std::vector<RunSwitch> parseSwitches(const std::string& text);
std::string toString(std::span<const RunSwitch> switches);

} // namespace zipml
