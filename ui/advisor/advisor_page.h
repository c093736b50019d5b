#pragma once
/// The bit advisor's page: from one's data, in seconds and without training, how many bits each column needs
/// and what each width, placement of levels and estimator is forecast to cost in loss.

#include "ui/advisor/advisor_worker.h"
#include "ui/plot/live_plot.h"
#include "ui/widgets/page.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace zipml::ui {

class AdvisorColumnModel;
class ExperimentModel;
class PanelScroll;
class WorkProgress;

class AdvisorPage : public Page {
    Q_OBJECT
  public:
    /// @param experiment whose data and settings are advised on; outlives this
    explicit AdvisorPage(ExperimentModel& experiment, QWidget* parent = nullptr);

    /// Advise, Stop, Prove it by runs, Save report.
    [[nodiscard]] QList<QAction*> barActions() const override { return {advise_, stop_, prove_, save_}; }
    /// Null: none yet.
    [[nodiscard]] const Advice* advice() const { return shown_.get(); }
    [[nodiscard]] LivePlot& plot() const { return *plot_; }
    [[nodiscard]] QTableView& table() const { return *table_; }
    [[nodiscard]] QString statement() const;
    /// .html or .pdf. @throws InputError, RunError
    void saveReport(const QString& file) const;

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void build();
    void buildActions();
    PanelScroll* makePanel();
    void start();
    void prove();
    void receive(AdvisorNews news);
    [[nodiscard]] double tolerance() const;
    /// The experiment as it would be advised on now; nothing where it is wrong.
    [[nodiscard]] std::optional<RunSpec> wanted() const;
    /// What proves the advice: full precision, the advised setting, and the same with a bit less.
    [[nodiscard]] std::vector<AdvicePoint> proving() const;
    [[nodiscard]] RunSpec specFor(const AdvicePoint& point) const;
    void updateAll();
    void updateTexts();
    void updateProof();
    void updateActions();

    ExperimentModel& experiment_;
    std::shared_ptr<const Advice> shown_;
    bool working_ = false;
    LivePlot* plot_;
    AdvisorColumnModel* columns_;
    QSortFilterProxyModel* sorted_;
    QTableView* table_;
    QDoubleSpinBox* tolerance_;
    QComboBox* levels_;
    QLabel *base_, *statement_, *details_, *proof_;
    WorkProgress* progress_;
    QAction *advise_, *stop_, *prove_, *save_;
    AdvisorWorker worker_; // last: its news use the others
};

} // namespace zipml::ui
