#include "core/lab/bias_budget.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace zipml {

std::size_t biasRowsOf(const RunSpec& spec, std::size_t rows, std::size_t features) {
    if (spec.biasRows)
        return std::min(rows, *spec.biasRows);
    const double values = static_cast<double>(rows) * static_cast<double>(features);
    const double roundings =
        std::max(BiasBudget::kShare * values / BiasBudget::kRoundingCost, BiasBudget::kAlways);
    const double aRow = static_cast<double>(features) * std::max(spec.biasDraws, 1) *
                        std::max(copiesOf(spec), BiasBudget::kFewestCopies);
    const auto most = static_cast<double>(std::min(rows, BiasBudget::kMostRows));
    return static_cast<std::size_t>(std::clamp(roundings / aRow, std::min(1.0, most), most));
}

std::optional<std::size_t> parseBiasRows(const nlohmann::json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text == "auto")
        return std::nullopt;
    std::uint32_t rows = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), rows);
    if (error != std::errc{} || stop != text.data() + text.size() || rows == 0)
        throw InputError("bias_rows: '" + text + "': write auto, or a whole number above 0");
    return rows;
}

} // namespace zipml
