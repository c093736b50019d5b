#include "core/compare/run_groups.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace zipml {
namespace {

std::string groupKeyOf(const RunFacts& run, const Grouping& by) {
    const auto textOf = [&](std::size_t key) {
        const SettingValue& value = run.settings[key];
        return value.used ? value.text : std::string("\x01"); // no setting has it
    };
    if (by.kind == Grouping::Kind::Setting)
        return textOf(by.setting);
    static const std::array ignored{settingIndex("seed"), settingIndex("name"), settingIndex("threads")};
    std::string all;
    for (std::size_t key = 0; key < run.settings.size(); ++key)
        if (std::ranges::find(ignored, key) == ignored.end())
            all += textOf(key) + '\0';
    return all;
}

} // namespace

std::vector<std::vector<std::size_t>> groupsOf(std::span<const RunFacts* const> runs, const Grouping& by) {
    std::vector<std::vector<std::size_t>> groups;
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::size_t place = groups.size();
        if (by.kind != Grouping::Kind::None)
            place = places.try_emplace(groupKeyOf(*runs[i], by), place).first->second;
        if (place == groups.size())
            groups.emplace_back();
        groups[place].push_back(i);
    }
    return groups;
}

std::optional<Spread> spreadOf(std::span<const std::optional<double>> numbers) {
    if (numbers.empty() ||
        !std::ranges::all_of(numbers, [](const auto& number) { return number.has_value(); }))
        return {};
    const auto count = static_cast<double>(numbers.size());
    Spread spread;
    for (const auto& number : numbers)
        spread.mean += *number / count;
    if (numbers.size() < 2 || !std::isfinite(spread.mean))
        return spread;
    double squares = 0;
    for (const auto& number : numbers)
        squares += (*number - spread.mean) * (*number - spread.mean);
    spread.deviation = std::sqrt(squares / (count - 1));
    return spread;
}

} // namespace zipml
