#include "core/reproduce/reading.h"

#include "core/base/error.h"
#include "core/base/number_text.h"
#include "core/lab/run_spec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace zipml {
namespace {

using nlohmann::json;
using Bound = Reading::Bound;

constexpr std::string_view kBitsToMatch = "bits_to_match:", kBitsToDescend = "bits_to_descend:",
                           kEpochsToMatch = "epochs_to_match:";

double toleranceOf(const std::string& name, std::string_view prefix) {
    const auto tolerance = parseFinite(std::string_view(name).substr(prefix.size()));
    if (!tolerance || *tolerance <= 0)
        throw InputError("'" + name + "': a tolerance above 0 belongs behind the colon, such as 0.01");
    return *tolerance;
}

bool matches(const json& run, const json& settings) {
    return std::ranges::all_of(settings.items(), [&](const auto& setting) {
        return run["spec"].at(setting.key()) == setting.value();
    });
}

double medianOf(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::optional<double> numberAt(const json& object, const std::string& key) {
    if (!object.is_object() || !object.contains(key) || !object[key].is_number())
        return {};
    return object[key].get<double>();
}

/// Of one run.
std::optional<double> valueOf(const json& run, const std::string& name) {
    const bool diverged = run["status"] == "diverged";
    if (name == "excess" || name == "gap") {
        const auto objective = numberAt(run["final"], "objective"),
                   reference = numberAt(run, "reference_objective"),
                   initial = numberAt(run["initial"], "objective");
        const bool gap = name == "gap";
        if (!reference || !initial || (gap ? *initial <= *reference : *reference <= 0))
            return {};
        return diverged || !objective
                   ? HUGE_VAL
                   : (*objective - *reference) / (gap ? *initial - *reference : *reference);
    }
    if (diverged) // nothing else of it means anything
        return name == "train_loss" ? std::optional(HUGE_VAL) : std::nullopt;
    if (name == "optimum_loss")
        return numberAt(run["optimum"], "train_loss");
    for (const json* object : {&run["final"], &run["store"]})
        if (const auto value = numberAt(*object, name))
            return value;
    const json& epochs = run["epochs"];
    return numberAt(epochs.empty() ? run["initial"] : epochs.back(), name);
}

/// The medians over runs that differ in the seed only, by the value of `x`.
std::map<double, double> mediansBy(const std::string& x, const std::string& y, const json& settings,
                                   const DataRuns& data) {
    std::map<double, std::vector<double>> values;
    for (const json& run : data.runs) {
        if (!matches(run, settings))
            continue;
        const auto at = numberAt(run["spec"], x);
        const auto place = at ? at : valueOf(run, x);
        const auto value = valueOf(run, y);
        if (place && value)
            values[*place].push_back(*value);
    }
    std::map<double, double> medians;
    for (auto& [place, of] : values)
        medians[place] = medianOf(std::move(of));
    return medians;
}

/// @param of "excess" or "gap"
std::optional<Reading> bitsUntil(const std::string& of, double tolerance, const json& settings,
                                 const DataRuns& data) {
    const auto excess = mediansBy("bits", of, settings, data);
    if (excess.empty())
        return {};
    std::optional<double> fewest;
    for (auto at = excess.rbegin(); at != excess.rend() && at->second <= tolerance; ++at)
        fewest = at->first;
    if (!fewest)
        return Reading{excess.rbegin()->first + 1, Bound::AtLeast};
    const bool open = *fewest == excess.begin()->first && *fewest > 1;
    return Reading{*fewest, open ? Bound::AtMost : Bound::Exact};
}

std::optional<Reading> epochsToMatch(const Quantity& quantity, const DataRuns& data) {
    const std::string tolerance = quantity.name.substr(kEpochsToMatch.size());
    std::vector<double> epochs;
    bool open = false;
    for (const json& run : data.runs) {
        if (!matches(run, quantity.settings) || !run["reach"].contains(tolerance))
            continue;
        const json& reach = run["reach"][tolerance];
        open = open || reach.is_null();
        epochs.push_back(reach.is_null() ? static_cast<double>(run["epochs"].size()) + 1
                                         : reach["epoch"].get<double>());
    }
    if (epochs.empty())
        return {};
    return Reading{medianOf(epochs), open ? Bound::AtLeast : Bound::Exact};
}

} // namespace

std::size_t DataRuns::rows() const {
    if (runs.empty())
        return 0;
    const json& shape = runs.front()["data"];
    return shape["train_rows"].get<std::size_t>() + shape["test_rows"].get<std::size_t>();
}

std::string toText(const Reading& reading) {
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), "%.4g", reading.value);
    const char* words = reading.bound == Bound::AtLeast  ? "at least "
                        : reading.bound == Bound::AtMost ? "at most "
                                                         : "";
    return std::string(words) + number.data();
}

std::optional<bool> within(const Reading& reading, double low, double high) {
    switch (reading.bound) {
    case Bound::Exact:
        return reading.value >= low && reading.value <= high;
    case Bound::AtLeast:
        if (reading.value > high)
            return false;
        return reading.value >= low && std::isinf(high) ? std::optional(true) : std::nullopt;
    case Bound::AtMost:
        if (reading.value < low)
            return false;
        return reading.value <= high && std::isinf(low) ? std::optional(true) : std::nullopt;
    }
    return {};
}

Quantity quantityFrom(const json& json) {
    if (!json.is_array() || json.size() < 2 || json.size() > 3 || !json[0].is_string() ||
        !json[1].is_object() || (json.size() == 3 && !json[2].is_string()))
        throw InputError(
            R"(a value is ["quantity", {settings of its runs}], and may name a data set behind)");
    Quantity quantity{json[0].get<std::string>(), json[1],
                      json.size() == 3 ? json[2].get<std::string>() : ""};
    for (const auto& [key, setting] : quantity.settings.items())
        specKey(key);
    for (const auto prefix : {kBitsToMatch, kBitsToDescend, kEpochsToMatch})
        if (quantity.name.starts_with(prefix))
            toleranceOf(quantity.name, prefix);
    return quantity;
}

std::optional<Reading> read(const Quantity& quantity, const DataRuns& data, std::span<const DataRuns> all) {
    if (!quantity.data.empty() && quantity.data != data.name) {
        const auto other = std::ranges::find(all, quantity.data, &DataRuns::name);
        return other == all.end() ? std::nullopt : read({quantity.name, quantity.settings, {}}, *other, all);
    }
    if (quantity.name.starts_with(kBitsToMatch))
        return bitsUntil("excess", toleranceOf(quantity.name, kBitsToMatch), quantity.settings, data);
    if (quantity.name.starts_with(kBitsToDescend))
        return bitsUntil("gap", toleranceOf(quantity.name, kBitsToDescend), quantity.settings, data);
    if (quantity.name.starts_with(kEpochsToMatch))
        return epochsToMatch(quantity, data);
    std::vector<double> values;
    for (const json& run : data.runs)
        if (matches(run, quantity.settings))
            if (const auto value = valueOf(run, quantity.name))
                values.push_back(*value);
    if (values.empty())
        return {};
    return Reading{medianOf(std::move(values))};
}

std::optional<Reading> quotient(const std::optional<Reading>& value, const std::optional<Reading>& over) {
    if (!value || !over || over->value == 0)
        return {};
    const auto flipped = over->bound == Bound::AtLeast  ? Bound::AtMost
                         : over->bound == Bound::AtMost ? Bound::AtLeast
                                                        : Bound::Exact;
    Reading result{value->value / over->value, value->bound};
    if (flipped == Bound::Exact || flipped == value->bound)
        return result;
    if (value->bound != Bound::Exact)
        return {}; // open on both sides: it could be anything
    result.bound = flipped;
    return result;
}

Points pointsOf(const std::string& x, const std::string& y, const json& settings, const DataRuns& data) {
    Points points;
    for (const auto& [place, value] : mediansBy(x, y, settings, data))
        if (std::isfinite(value)) {
            points.x.push_back(place);
            points.y.push_back(value);
        }
    return points;
}

Points epochsOf(const std::string& y, const json& settings, const DataRuns& data) {
    Points points;
    const auto run =
        std::ranges::find_if(data.runs, [&](const json& candidate) { return matches(candidate, settings); });
    if (run == data.runs.end())
        return points;
    const auto optimum = numberAt((*run)["optimum"], "objective");
    const auto of = [&](const json& epoch) -> std::optional<double> {
        if (y != "above_optimum")
            return numberAt(epoch, y);
        const auto objective = numberAt(epoch, "objective");
        return objective && optimum && *optimum > 0 ? std::optional(*objective / *optimum - 1) : std::nullopt;
    };
    const auto add = [&](const json& epoch) {
        if (const auto value = of(epoch)) {
            points.x.push_back(epoch["epoch"].get<double>());
            points.y.push_back(*value);
        }
    };
    add((*run)["initial"]);
    for (const json& epoch : (*run)["epochs"])
        add(epoch);
    return points;
}

} // namespace zipml
