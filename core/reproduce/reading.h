#pragma once
/// Numbers read off an experiment's runs: what claims are about, and columns of tables and points of charts.

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

/// The runs of one data set, as Sweep::toJson has them (`runs[]`).
struct DataRuns {
    std::string name; ///< of the data set
    std::string title;
    bool generated = false;
    nlohmann::json runs = nlohmann::json::array();
    /// Training and test rows together; 0 when nothing ran.
    [[nodiscard]] std::size_t rows() const;
};

/// A number that may be known from one side only.
struct Reading {
    enum class Bound { Exact, AtLeast, AtMost };
    double value = 0;
    Bound bound = Bound::Exact;
    bool operator==(const Reading&) const = default;
};
/// "5", "at least 9", "at most 0.4"
std::string toText(const Reading& reading);
/// Whether it is within [low, high]; empty where its bound leaves that open.
std::optional<bool> within(const Reading& reading, double low, double high);

/// Which number: ["quantity", {settings of the runs}, "data set"]. A quantity is
///   - a field of a record's `final`, last epoch or `store`: "train_loss", "refetch_rate", "bits_per_value";
///   - "excess": objective over the full-precision run's (else the exact optimum's), less 1;
///   - "gap": what is left of the way from the initial loss to that reference, as a share of it;
///   - "optimum_loss";
///   - "bits_to_match:T": the fewest bits from which on, at all numbers of bits measured, the excess is at
///   most T;
///   - "bits_to_descend:T": the same for the gap;
///   - "epochs_to_match:T": the epoch from which on the excess stays at most T; T is 0.01 or 0.001
/// Of several seeds it is the median. A run that diverged has an infinite loss, and nothing else.
struct Quantity {
    std::string name;
    nlohmann::json settings = nlohmann::json::object();
    std::string data; ///< empty: the data set that is looked at
};
/// @throws InputError where it is none, or a setting is unknown
Quantity quantityFrom(const nlohmann::json& json);

/// @param all for quantities with a data set of their own. Empty where no run has the number
std::optional<Reading> read(const Quantity& quantity, const DataRuns& data, std::span<const DataRuns> all);
/// value / over. Empty where one is missing or the divisor is 0
std::optional<Reading> quotient(const std::optional<Reading>& value, const std::optional<Reading>& over);

/// A line of a chart: the quantity `y` against `x`, a setting or a quantity, over the runs with these
/// settings.
struct Points {
    std::vector<double> x, y;
};
Points pointsOf(const std::string& x, const std::string& y, const nlohmann::json& settings,
                const DataRuns& data);
/// A field of the epochs of the first run with these settings, from epoch 0; or "above_optimum": the training
/// loss over the exact optimum's, less 1.
Points epochsOf(const std::string& y, const nlohmann::json& settings, const DataRuns& data);

} // namespace zipml
