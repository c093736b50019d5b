#pragma once
/// Curves told apart by settings: their colour says one, their dashes another, so that many runs can be read.

#include "core/compare/run_facts.h"
#include "ui/plot/curve.h"
#include "ui/runs/run_list.h"

#include <map>

namespace zipml::ui {

/// Places of settings among specKeys(); none: the colour is the run's own, the dashes say what is measured.
struct LookChoice {
    std::optional<std::size_t> color = {}, dash = {};

    [[nodiscard]] bool any() const { return color || dash; }
};

struct RunLooks {
    std::map<int, CurveLook> looks;   ///< by the run's id
    std::vector<LegendEntry> entries; ///< what they stand for
};

/// @param settings of each of the runs, as settingsOf
RunLooks looksOf(const std::vector<const RunView*>& runs,
                 const std::vector<const std::vector<SettingValue>*>& settings, const LookChoice& choice);

} // namespace zipml::ui
