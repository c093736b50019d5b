#include "ui/runs/run_looks.h"

#include "core/compare/run_names.h"
#include "ui/theme/palette.h"

#include <algorithm>

namespace zipml::ui {
namespace {

/// The different values of a setting, numbers in their order.
std::vector<SettingValue> valuesOf(const std::vector<const std::vector<SettingValue>*>& settings,
                                   std::size_t key) {
    std::vector<SettingValue> values;
    for (const auto* run : settings)
        if (std::ranges::find(values, (*run)[key].text, &SettingValue::text) == values.end())
            values.push_back((*run)[key]);
    if (std::ranges::all_of(values, [](const SettingValue& value) { return value.number.has_value(); }))
        std::ranges::sort(values, {}, [](const SettingValue& value) { return *value.number; });
    return values;
}

/// What has an order, and what there are too many colours of, goes along the ramp.
CurveLook colored(const std::vector<SettingValue>& values, std::size_t place) {
    CurveLook look;
    const bool numbers = values.size() > 2 && values.front().number && values.back().number;
    if (numbers || values.size() > kRunColors)
        look.ramp = static_cast<double>(place) / static_cast<double>(values.size() - 1);
    else
        look.run = lookOfIndex(static_cast<int>(place));
    return look;
}

QString phrase(std::size_t key, const SettingValue& value) {
    return QString::fromStdString(phraseOf(specKeys()[key], value));
}

} // namespace

RunLooks looksOf(const std::vector<const RunView*>& runs,
                 const std::vector<const std::vector<SettingValue>*>& settings, const LookChoice& choice) {
    RunLooks result;
    for (const auto* run : runs)
        result.looks[run->id].run = run->look;
    if (!choice.any())
        return result;
    const auto placeOf = [](const std::vector<SettingValue>& values, const SettingValue& value) {
        const auto found = std::ranges::find(values, value.text, &SettingValue::text);
        return static_cast<std::size_t>(found - values.begin());
    };
    if (choice.color) {
        const auto values = valuesOf(settings, *choice.color);
        for (std::size_t i = 0; i < values.size(); ++i)
            result.entries.push_back({phrase(*choice.color, values[i]), colored(values, i)});
        for (std::size_t i = 0; i < runs.size(); ++i) {
            CurveLook& look = result.looks[runs[i]->id];
            look = colored(values, placeOf(values, (*settings[i])[*choice.color]));
            if (look.run)
                look.run->marker = runs[i]->look.marker; // which tells runs of one value apart
        }
    } else {
        for (const auto* run : runs)
            result.entries.push_back({run->name, {.run = run->look}});
    }
    if (choice.dash) {
        const auto values = valuesOf(settings, *choice.dash);
        for (std::size_t i = 0; i < values.size(); ++i)
            result.entries.push_back({phrase(*choice.dash, values[i]), {.dash = static_cast<int>(i)}});
        for (std::size_t i = 0; i < runs.size(); ++i)
            result.looks[runs[i]->id].dash = static_cast<int>(placeOf(values, (*settings[i])[*choice.dash]));
    }
    return result;
}

} // namespace zipml::ui
