#include "ui/runs/run_colors.h"

#include "ui/plot/estimator_color.h"
#include "ui/runs/run_list.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

constexpr int kLooksOfColor = kRunMarkers * kRunShades; // before they repeat

RunLook lookOf(int color, int variant, bool byEstimator) {
    return {color, variant % kRunShades, (byEstimator ? variant : color + variant) % kRunMarkers};
}

} // namespace

/// What is known of the runs of a group.
struct RunColors::Group {
    std::map<EstimatorKind, std::set<std::string>> settings; ///< by estimator
    std::vector<std::string> order;                          ///< of those beside full precision
    std::array<int, kRunColors> colors{};                    ///< runs of each

    [[nodiscard]] bool byEstimator() const {
        const auto quantized = [](const auto& each) { return each.first != EstimatorKind::Full; };
        return std::ranges::count_if(settings, quantized) > 1 &&
               std::ranges::any_of(
                   settings, [&](const auto& each) { return quantized(each) && each.second.size() > 1; });
    }
    /// Of its own while there is one.
    [[nodiscard]] int colorFor(EstimatorKind estimator) const {
        const int home = colorOfEstimator(estimator) % kRunColors;
        if (colors[static_cast<std::size_t>(home)] == 0)
            return home;
        // Those of the usual estimators last: they may come yet.
        constexpr std::array kOrder{4, 6, 3, 5, 1, 0, 2};
        return *std::ranges::min_element(kOrder, {},
                                         [&](int color) { return colors[static_cast<std::size_t>(color)]; });
    }
};

const std::string& RunColors::settingOf(const RunView& run) {
    auto& setting = settings_[run.id];
    if (setting.empty()) {
        RunSpec spec = run.spec;
        spec.name.clear();
        spec.estimator = EstimatorKind::Full;
        setting = toJson(spec).dump();
    }
    return setting;
}

void RunColors::give(const std::vector<RunView*>& runs) {
    std::map<QString, Group> groups;
    std::map<QString, bool> byEstimator;
    for (const RunView* run : runs) {
        Group& group = groups[run->origin.group];
        const std::string& setting = settingOf(*run);
        group.settings[run->spec.estimator].insert(setting);
        if (run->spec.estimator != EstimatorKind::Full &&
            std::ranges::find(group.order, setting) == group.order.end())
            group.order.push_back(setting);
    }
    for (const auto& [name, group] : groups)
        byEstimator[name] = group.byEstimator();
    std::set<RunLook> taken;
    std::set<int> given;
    for (const RunView* run : runs) {
        const auto before = byEstimator_.find(run->origin.group);
        const bool keeps = given_.contains(run->id) && before != byEstimator_.end() &&
                           before->second == byEstimator[run->origin.group] && !taken.contains(run->look);
        if (!keeps)
            continue;
        given.insert(run->id);
        taken.insert(run->look);
        ++groups[run->origin.group].colors[static_cast<std::size_t>(run->look.color)];
    }
    for (RunView* run : runs) {
        if (given.contains(run->id))
            continue;
        Group& group = groups[run->origin.group];
        const bool estimators = byEstimator[run->origin.group];
        const int color = estimators ? colorOfEstimator(run->spec.estimator) % kRunColors
                                     : group.colorFor(run->spec.estimator);
        int variant = 0;
        if (estimators && run->spec.estimator != EstimatorKind::Full)
            variant = static_cast<int>(std::ranges::find(group.order, settingOf(*run)) - group.order.begin());
        const int first = variant;
        while (taken.contains(lookOf(color, variant, estimators)) && variant - first < kLooksOfColor)
            ++variant;
        run->look = lookOf(color, variant, estimators);
        taken.insert(run->look);
        given.insert(run->id);
        ++group.colors[static_cast<std::size_t>(color)];
    }
    // Removed runs that come back find their looks, unless these mean something else now.
    const bool others = std::ranges::any_of(byEstimator_, [&](const auto& before) {
        const auto now = byEstimator.find(before.first);
        return now != byEstimator.end() && now->second != before.second;
    });
    if (others)
        given_.clear();
    given_.insert(given.begin(), given.end());
    for (const auto& [name, mode] : byEstimator)
        byEstimator_[name] = mode;
    std::erase_if(settings_, [&](const auto& each) { return !given.contains(each.first); });
}

} // namespace zipml::ui
