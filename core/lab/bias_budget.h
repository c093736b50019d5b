#pragma once
/// How many rows the bias of each epoch is measured on where the spec leaves it open: by counted work, so that
/// the choice, and with it the record, depends on no clock.

#include "core/lab/run_spec.h"

namespace zipml {

/// What a measurement is granted, docs/method.md#s25: its roundings, draws * rows * features * copies, each
/// counted as four values, come to a tenth of the values of an epoch at most; but a million roundings
/// always, which take some milliseconds.
struct BiasBudget {
    static constexpr std::size_t kMostRows = 1000;
    static constexpr double kShare = 0.1;       ///< of an epoch's values
    static constexpr double kRoundingCost = 4;  ///< in values of an epoch
    static constexpr double kAlways = 1U << 20; ///< roundings
    /// Estimators of one and two roundings a value are measured on the same rows, so that they compare.
    static constexpr int kFewestCopies = 2;
};

/// The spec's rows, or those of the budget; at least 1 and at most all.
std::size_t biasRowsOf(const RunSpec& spec, std::size_t rows, std::size_t features);

/// "auto", or a number above 0, as a number or as a text. @throws InputError
std::optional<std::size_t> parseBiasRows(const nlohmann::json& value);

} // namespace zipml
