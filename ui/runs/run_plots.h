#pragma once
/// The two plots of runs, side by side or one above the other, and how they are looked at: axes, smoothing,
/// runs that differ in their seed as one, notes.

#include "ui/plot/curve_filters.h"
#include "ui/plot/live_plot.h"
#include "ui/plot/run_curves.h"
#include "ui/runs/run_list.h"
#include "ui/runs/run_looks.h"

#include <QElapsedTimer>
#include <QTimer>

#include <nlohmann/json.hpp>

#include <tuple>

class QBoxLayout;
class QComboBox;
class QLabel;
class QMenu;
class QSlider;
class QToolButton;

namespace zipml::ui {

class PlotPair;

class RunPlots : public QWidget {
    Q_OBJECT
  public:
    /// @param runs outlives this
    explicit RunPlots(RunList& runs, QWidget* parent = nullptr);

    [[nodiscard]] LivePlot& lossPlot() const { return *lossPlot_; }
    [[nodiscard]] LivePlot& secondPlot() const { return *secondPlot_; }
    /// What the plots show.
    void setView(XAxis xAxis, SecondPlot second, bool aboveOptimum = false);
    void setXAxis(XAxis xAxis);
    void setSeedBands(bool on) { bands_->setChecked(on); }
    /// Their curves stand out. @param ids of runs
    void setHighlighted(const QList<int>& ids);
    /// The run that others are held against has heavier lines, and says so in the legend. @param id empty: none
    void setBaseline(std::optional<int> id);
    /// What colours and dashes say. Settings that these runs do not have in different values say nothing.
    void setLooks(const LookChoice& choice);
    [[nodiscard]] const LookChoice& looks() const { return choice_; }
    /// {"color": "bits", "dash": "estimator"}, keys of settings, for a session's view; what is unknown is
    /// left out.
    [[nodiscard]] nlohmann::json looksJson() const;
    void setLooksJson(const nlohmann::json& looks);
    /// Shows the runs as they are now.
    void update();

    /// A note at the end of a run's epoch, on the loss plot. An empty text removes it.
    void setNote(int run, int epoch, const QString& text);
    /// [{"run": id, "epoch": 3, "text": "..."}] of the runs that there are, for a session's view.
    [[nodiscard]] nlohmann::json notes() const;
    /// Replaces those of the runs that there are. What is not as notes() writes it is left out.
    void setNotes(const nlohmann::json& notes);

  signals:
    void message(const QString& text, bool bad);
    /// A click on a run's curve.
    void runClicked(int id);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    /// A run's curves as they were made last, and what they were made of.
    struct Made {
        using Key = std::tuple<const RunView*, const EpochRecord*, std::size_t, std::size_t, double,
                               std::optional<double>, QString, RunState, XAxis, SecondPlot, TrainingCurve,
                               double, double>;
        Key key;
        std::vector<Curve> loss, second;
    };
    /// Of the runs that the plots show, with their names.
    [[nodiscard]] std::vector<RunSpec> shownSpecs() const;
    void buildControls();
    QToolButton* buildLookButton();
    void fillLookMenu(QMenu& menu);
    void updateSoon();
    [[nodiscard]] RunCurveData curveDataOf(const RunView& run, SecondPlot what) const;
    const Made& made(const RunCurveData& data, const RunView& run, XAxis xAxis, SecondPlot what,
                     TrainingCurve shows);
    [[nodiscard]] std::vector<const RunView*> shownRuns() const;
    void giveLooks(const std::vector<const RunView*>& runs, std::vector<Curve>& loss,
                   std::vector<Curve>& second, Axes& lossAxes, Axes& secondAxes);
    void markBaseline(const std::map<int, RunGroup>& bands, std::vector<Curve>& loss,
                      std::vector<Curve>& second, Axes& lossAxes) const;
    void lookChanged();
    void addToMenu(QMenu& menu, const Curve& curve, qsizetype index);
    void askNote(int run, int epoch);
    [[nodiscard]] std::map<int, RunGroup> groups();
    /// A run's notes by epoch, with what happened to it.
    [[nodiscard]] std::map<int, QString> notesOf(const RunView& run) const;

    RunList& runs_;
    LivePlot *lossPlot_, *secondPlot_;
    PlotPair* pair_;
    QComboBox *xAxis_, *what_, *scale_;
    QSlider* smoothing_;
    QLabel* smoothingValue_;
    QCheckBox* bands_;
    QCheckBox* logX_;
    QBoxLayout* controls_;
    LookChoice choice_;
    std::map<int, Made> made_; ///< by run
    QTimer soon_;
    QElapsedTimer sinceUpdate_;
    double updateCost_ = 0; ///< milliseconds
    QList<int> highlighted_;
    std::optional<int> baseline_;                 ///< id
    std::map<int, std::map<int, QString>> notes_; ///< by run and epoch; of removed runs, too
    /// Of runs, with and without the seed.
    std::map<int, std::pair<RunSpec, std::string>> settings_;
};

} // namespace zipml::ui
