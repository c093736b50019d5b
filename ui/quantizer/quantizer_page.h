#pragma once
/// The quantizer page shows what rounding to levels does to values: their histogram with the levels on it,
/// the rounding variance, the strategies that place levels, and one value rounded again and again.

#include "ui/quantizer/level_plot.h"
#include "ui/quantizer/quantizer_curves.h"
#include "ui/quantizer/quantizer_model.h"
#include "ui/widgets/page.h"

#include <QTimer>

class QComboBox;
class QTableView;

namespace zipml::ui {

class ExperimentModel;
class LevelsSection;
class RoundingSection;
class RunList;
class StrategyTableModel;
class ValuesSection;

class QuantizerPage : public Page {
    Q_OBJECT
  public:
    /// @param experiment says which training data there is; outlives this
    explicit QuantizerPage(ExperimentModel& experiment, QWidget* parent = nullptr);

    /// Undo, Redo, Reset, Copy levels, Use in training.
    [[nodiscard]] QList<QAction*> barActions() const override {
        return {undo_, redo_, reset_, copyJson_, use_};
    }
    /// Copy as CSV too.
    [[nodiscard]] QList<QAction*> menuActions() const override { return barActions() + QList{copyCsv_}; }
    [[nodiscard]] QuantizerModel& model() { return model_; }
    [[nodiscard]] LevelPlot& valuePlot() const { return *valuePlot_; }
    [[nodiscard]] LivePlot& variancePlot() const { return *variancePlot_; }
    [[nodiscard]] LivePlot& roundingPlot() const { return *roundingPlot_; }
    [[nodiscard]] QTableView& table() const { return *table_; }
    [[nodiscard]] const std::optional<RepeatedRounding>& rounding() const;

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void buildPlots();
    void buildTable();
    void buildActions();
    QWidget* buildPanel(RunList& runs);
    void arrange(QWidget* panel);
    void fetch();
    void updateAll();
    void updateActions();
    void updateCurves();
    void updateRounding();
    void copyLevels(bool json);
    void useInTraining();

    ExperimentModel& experiment_;
    QuantizerModel model_;
    LevelPlot* valuePlot_;
    LivePlot *variancePlot_, *roundingPlot_;
    QComboBox* view_;
    StrategyTableModel* rows_;
    QTableView* table_;
    ValuesSection* values_;
    LevelsSection* levels_;
    RoundingSection* rounding_;
    QAction *undo_, *redo_, *reset_, *copyJson_, *copyCsv_, *use_;
    QTimer zoomed_;            ///< the histogram follows the visible range once the events are through
    std::string trainingData_; ///< that the values shown were fetched for
    bool fetched_ = false;
};

} // namespace zipml::ui
