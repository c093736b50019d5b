#pragma once
/// The bar at the bits offers a run that trains what was changed of estimator, bits and grid, from its next
/// epoch on. It shows while there is something to offer.

#include "ui/runs/run_list.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace zipml::ui {

class ExperimentModel;

/// Why a run of this spec cannot go on with other roundings; empty where it can.
QString whyNotGoOnWith(const RunSpec& spec, const RoundingWish& wish);
/// What a run rounds with now.
RoundingWish roundingOf(const RunView& run);

class MidrunBar : public QWidget {
    Q_OBJECT
  public:
    explicit MidrunBar(QWidget* parent);

    /// @param targets rows that a change is for: the selected runs, or all
    void follow(ExperimentModel& experiment, std::function<QList<int>()> targets);
    /// Other runs are selected.
    void update();

  signals:
    void message(const QString& text, bool bad);

  private:
    [[nodiscard]] RoundingWish wanted() const;
    /// For a run: on stores of any precision the bits follow anyway.
    [[nodiscard]] RoundingWish wantedOf(const RunView& run) const;
    /// Rows of runs that train with something else.
    [[nodiscard]] QList<int> offered() const;
    void settingsChanged();
    void apply();

    ExperimentModel* experiment_ = nullptr;
    std::function<QList<int>()> targets_;
    RoundingWish last_;    ///< the settings when last looked at
    bool touched_ = false; ///< the person changed them while a run trained
    int rows_ = 0;         ///< of the list of runs
    QLabel* text_;
    QPushButton* apply_;
};

} // namespace zipml::ui
