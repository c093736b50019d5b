#pragma once
/// Which values: generated, of the training data, or a run's model or gradient.

#include "ui/quantizer/value_choice.h"
#include "ui/runs/run_list.h"
#include "ui/widgets/panel_section.h"

class QProgressBar;

namespace zipml::ui {

class QuantizerModel;

class ValuesSection : public PanelSection {
    Q_OBJECT
  public:
    /// @param runs whose models can be chosen; outlives this
    ValuesSection(const RunList& runs, QWidget* parent);

    /// As set here. @param training the training page's settings
    /// @return nothing where a run is wanted and none has ended
    [[nodiscard]] std::optional<ValueChoice> choice(const RunSpec& training) const;
    [[nodiscard]] ValueKind kind() const { return chosen<ValueKind>(kind_); }
    /// Of the training data; empty: all of them.
    [[nodiscard]] std::optional<std::size_t> feature() const;
    /// Whether its values come from the training data.
    [[nodiscard]] bool usesTrainingData() const { return kind() == ValueKind::TrainingData; }
    /// What to look at, by hand of the program.
    void setKind(ValueKind kind) { choose(kind_, kind); }
    /// Names in the list of features, and what is being done.
    void show(const QuantizerModel& model);

  signals:
    void choiceChanged();

  private:
    void buildLists();
    void updateAvailability();
    void updateRuns();

    const RunList& runs_;
    QComboBox *kind_, *distribution_, *count_, *feature_, *run_;
    QList<std::pair<QString, int>> ended_; ///< name and id of the runs in the list
    QLabel* note_;
    QProgressBar* progress_;
};

} // namespace zipml::ui
