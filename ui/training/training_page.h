#pragma once
/// The training page has the experiment on the left, live plots in the centre, and the table of runs below.

#include "ui/runs/run_plots.h"
#include "ui/training/experiment_panel.h"
#include "ui/widgets/page.h"

class QSplitter;
class QTableView;

namespace zipml::ui {

class EstimatorMenu;
struct SaveRequest;
class RunTable;

class TrainingPage : public Page {
    Q_OBJECT
  public:
    /// @param experiment outlives this
    explicit TrainingPage(ExperimentModel& experiment, QWidget* parent = nullptr);

    /// Start, Pause, Step, Stop, Reset.
    [[nodiscard]] QList<QAction*> barActions() const override;
    /// Starts double sampling and the corrected estimator at equal stored bits.
    [[nodiscard]] QAction* compareAction() const { return compare_; }
    /// Asks how many seeds, and starts them.
    [[nodiscard]] QAction* seedsAction() const { return seeds_; }
    /// Saves the selected run's model in a format of choice.
    [[nodiscard]] QAction* exportAction() const { return exportModel_; }
    /// Saves the comparison as HTML or PDF.
    [[nodiscard]] QAction* reportAction() const { return report_; }
    /// What can be done with the selected run, for its context menu and the menu bar.
    [[nodiscard]] QList<QAction*> selectionActions() const;
    [[nodiscard]] QList<PageMenu> menus() const override;
    [[nodiscard]] QList<QAction*> fileActions() const override { return {exportModel_, report_}; }
    [[nodiscard]] bool showsSettings() const override { return true; }
    [[nodiscard]] QList<QAction*> settingActions() const override { return panel_->settingActions(); }
    [[nodiscard]] QByteArray layoutState() const override;
    void restoreLayout(const QByteArray& state) override;
    [[nodiscard]] nlohmann::json view() const override;
    void showView(const nlohmann::json& view) override;
    [[nodiscard]] ExperimentModel& experiment() const { return experiment_; }
    [[nodiscard]] ExperimentPanel& panel() const { return *panel_; }
    [[nodiscard]] RunList& runs() const { return runs_; }
    [[nodiscard]] RunPlots& plots() const { return *plots_; }
    [[nodiscard]] LivePlot& lossPlot() const { return plots_->lossPlot(); }
    [[nodiscard]] LivePlot& secondPlot() const { return plots_->secondPlot(); }
    [[nodiscard]] QTableView& table() const { return *table_; }
    [[nodiscard]] RunTable& runTable() const { return *runTable_; }
    /// What the plots show.
    void setView(XAxis xAxis, SecondPlot second, bool aboveOptimum = false) {
        plots_->setView(xAxis, second, aboveOptimum);
    }
    /// The experiment once for each seed from its own on, as a band.
    void startSeeds(int count);
    /// Compares widths of the samples on the experiment's data. A full-precision run of it that is there is
    /// its reference. @param grid how levels are placed
    void compareBits(const GridSpec& grid);
    void startBeside(const std::function<std::vector<RunSpec>()>& comparison);

  private:
    void buildActions();
    void buildTable();
    /// The selected rows, or with none selected all that are active.
    [[nodiscard]] QList<int> targets() const;
    [[nodiscard]] int selectedRow() const;
    void remove(const QList<int>& rows);
    void compareAtEqualBytes();
    void updateActions();
    void save(const SaveRequest& request, const std::function<void(const QString&)>& write);

    ExperimentModel& experiment_;
    RunList& runs_; ///< the experiment's
    ExperimentPanel* panel_;
    RunPlots* plots_;
    RunTable* runTable_;
    QTableView* table_; ///< its view
    QSplitter* columns_;
    QAction *start_, *pause_, *step_, *stop_, *reset_, *showOwn_, *compare_, *seeds_, *report_;
    QAction *compareBits_, *compareOptimal_, *compareBias_;
    QAction *rename_, *reuse_, *stepBatch_, *goOn_, *copyCommand_, *copyJson_;
    EstimatorMenu* goOnWith_;
    QAction *exportModel_, *saveRecord_, *saveCsv_, *remove_;
};

} // namespace zipml::ui
