#pragma once
/// Runs are told apart by colour, shade and marker. Where several estimators are compared at several settings,
/// the colour is the estimator's, as on every page, and shade and marker say the setting, the same for all
/// estimators; else each run has a colour of its own while there are any, the first of an estimator that
/// estimator's.

#include "ui/theme/palette.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <QString>

namespace zipml::ui {

struct RunView;

class RunColors {
  public:
    /// Gives a look to those that have none. A run keeps what it was given, unless another one came that makes
    /// its group a comparison of estimators at several settings, or the one went that made it so. Groups are
    /// the person's own runs and those of each lesson; no two runs look alike while there are looks.
    void give(const std::vector<RunView*>& runs);

  private:
    struct Group;
    [[nodiscard]] const std::string& settingOf(const RunView& run);

    std::map<QString, bool> byEstimator_; ///< by group, as it was last time
    std::set<int> given_;                 ///< ids
    std::map<int, std::string> settings_; ///< by id: all but estimator and name
};

} // namespace zipml::ui
