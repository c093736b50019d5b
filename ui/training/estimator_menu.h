#pragma once
/// "Go on with": another estimator for runs that train, from their next epoch on.

#include "ui/runs/run_list.h"

#include <QMenu>

#include <functional>

namespace zipml::ui {

class EstimatorMenu : public QMenu {
    Q_OBJECT
  public:
    /// @param targets the rows that it acts on; `runs` outlives this
    EstimatorMenu(RunList& runs, std::function<QList<int>()> targets, QWidget* parent);

  signals:
    void message(const QString& text, bool bad);

  private:
    /// What does not go with one of the runs cannot be chosen, and says why.
    void updateAvailability();

    RunList& runs_;
    std::function<QList<int>()> targets_;
};

} // namespace zipml::ui
