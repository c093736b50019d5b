#pragma once
/// The page of trade-offs shows how many bits are enough: a sweep over bits, levels, estimators and devices;
/// its loss against bytes, time and energy with the Pareto front, as a heat map, and as a table.

#include "ui/plot/live_plot.h"
#include "ui/tradeoffs/tradeoff_curves.h"
#include "ui/widgets/page.h"

class QLabel;
class QSortFilterProxyModel;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace zipml::ui {

class ExperimentModel;
class HeatMapModel;
class LookSection;
class ParallelPlot;
class SweepSection;
class TradeoffTableModel;
class WorkProgress;

class TradeoffsPage : public Page {
    Q_OBJECT
  public:
    /// @param experiment is what is swept over; outlives this @param folder where results are kept
    TradeoffsPage(ExperimentModel& experiment, const QString& folder, QWidget* parent = nullptr);
    ~TradeoffsPage() override;

    /// In the application's data.
    [[nodiscard]] static QString usualFolder();

    /// Start, Stop, Train it, Save table.
    [[nodiscard]] QList<QAction*> barActions() const override { return {start_, stop_, train_, save_}; }
    /// Discard too.
    [[nodiscard]] QList<QAction*> menuActions() const override { return barActions() + QList{discard_}; }
    [[nodiscard]] TradeoffModel& model() { return model_; }
    [[nodiscard]] LivePlot& plot() const { return *plot_; }
    [[nodiscard]] ParallelPlot& parallel() const { return *parallel_; }
    [[nodiscard]] QTableView& table() const { return *table_; }
    [[nodiscard]] QTableView& heatMap() const { return *heatMap_; }
    [[nodiscard]] QString statement() const;
    /// One line a setting that has run, as CSV. @throws RunError.
    void saveTable(const QString& file) const;

  protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void build();
    QTableView* makeTable(const QString& name, const QString& accessible);
    void buildTable();
    void buildHeatMap();
    void buildActions();
    /// Takes over what is set up. @return whether it can be run
    bool plan();
    void start();
    void train();
    /// A row of the model; -1: none
    void select(int row);
    [[nodiscard]] int selectedRow() const;
    void fitHeatMap();
    void updateAll();
    void updatePlot();
    void updateParallel();
    void brush();
    void updateTexts();
    void updateProgress();
    void updateActions();

    ExperimentModel& experiment_;
    TradeoffModel model_;
    SweepSection* sweep_;
    LookSection* look_;
    LivePlot* plot_;
    ParallelPlot* parallel_;
    QStackedWidget* plots_;              ///< the two, one at a time
    std::vector<QVector<int>> plotRows_; ///< rows of the model by curve and point
    TradeoffTableModel* rows_;
    QSortFilterProxyModel* sorted_;
    QTableView *table_, *heatMap_;
    HeatMapModel* heatRows_;
    QLabel *statement_, *details_;
    WorkProgress* progress_;
    QAction *start_, *stop_, *train_, *save_, *discard_;
    std::optional<TradeoffSetting> selected_;
    QSplitter* below_ = nullptr; ///< heat map and table
    bool divided_ = false;       ///< by the person
    bool selecting_ = false;
};

} // namespace zipml::ui
