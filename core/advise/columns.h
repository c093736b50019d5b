#pragma once
/// What rounding does to each column: how skewed it is, and how much of its variance rounding adds at each
/// width.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"

#include <array>
#include <string>
#include <vector>

namespace zipml {

constexpr int kMostAdvisedBits = 8;

struct ColumnRounding {
    std::string name;
    bool constant = false;
    double variance = 0; ///< in scaled units
    double skewness = 0; ///< third standardised moment; 0 where constant
    /// Mean rounding variance (docs/method.md#eq1) as a share of the column's variance, by bits from 1; 0
    /// where constant.
    std::array<double, kMostAdvisedBits> uniform{}, optimal{};
};

/// @param train as scaled, without missing values
std::vector<ColumnRounding> columnRoundings(const Dataset& train, ThreadTeam& team, const Job& job = {});

} // namespace zipml
