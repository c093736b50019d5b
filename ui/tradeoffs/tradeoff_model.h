#pragma once
/// The trade-offs' model knows a plan, how far its runs are, and the points that they make.

#include "ui/theme/palette.h"
#include "ui/tradeoffs/tradeoff_worker.h"

#include <QElapsedTimer>
#include <QObject>

namespace zipml::ui {

/// A setting as the page lists it.
struct TradeoffRow {
    TradeoffSetting setting;
    int series = 0;     ///< a device with an estimator and levels
    RunLook look;       ///< of the series: the estimator's colour
    QString seriesName; ///< "Double sampling, optimal"
    QString shortName;  ///< "double, optimal"
    QString bits;       ///< ", 4 bits", to go behind one of the two
    QString name;       ///< "Double sampling, optimal, 4 bits"
    std::optional<TradeoffPoint> point;
    QString failure; ///< why a run could not be made
};

class TradeoffModel : public QObject {
    Q_OBJECT
  public:
    TradeoffModel(std::filesystem::path folder, std::shared_ptr<PreparedDataCache> cache,
                  QObject* parent = nullptr);

    /// Shows the plan, with what is on disk for it. Not while it sweeps.
    /// @throws InputError, as settingsOf; then nothing changes.
    void setPlan(const TradeoffPlan& plan);
    [[nodiscard]] const TradeoffPlan& plan() const { return plan_; }
    /// Runs what the plan lacks.
    void start();
    /// Keeps what is complete.
    void stop();
    /// Forgets the results of the plan's experiment, on disk too. Not while it sweeps.
    void discard();
    [[nodiscard]] bool sweeping() const { return sweeping_; }
    /// Whether there are runs to make.
    [[nodiscard]] bool complete() const { return done_ == all_; }

    [[nodiscard]] const std::vector<TradeoffRow>& rows() const { return rows_; }
    [[nodiscard]] int rowOf(const TradeoffSetting& setting) const; ///< -1: not in the plan
    /// The points of the rows that have one.
    [[nodiscard]] std::vector<TradeoffPoint> points() const;
    /// Why combinations are left out, and how many.
    [[nodiscard]] const std::map<std::string, std::size_t>& leftOut() const { return settings_.leftOut; }
    [[nodiscard]] std::size_t runsDone() const { return done_; }
    [[nodiscard]] std::size_t runs() const { return all_; }
    /// The setting that runs now, and what it does.
    [[nodiscard]] const std::optional<TradeoffRun>& current() const { return current_; }
    [[nodiscard]] QString phase() const { return phase_; }
    /// Of all runs, 0 to 1.
    [[nodiscard]] double share() const;
    /// By the pace so far; empty before there is one.
    [[nodiscard]] std::optional<double> secondsLeft() const;
    [[nodiscard]] TradeoffRun firstRunOf(const TradeoffSetting& setting) const {
        return {setting, plan_.base.seed};
    }

  signals:
    void rowsReset();   ///< another plan
    void rowsChanged(); ///< other points in the rows that are there
    void progressed();  ///< also when it starts and ends
    void message(const QString& text, bool bad);

  private:
    void receive(TradeoffNews news);
    void makeRows();
    void updatePoints();

    TradeoffPlan plan_;
    TradeoffSettings settings_;
    TradeoffResults results_;
    std::map<TradeoffSetting, QString> failures_;
    std::vector<TradeoffRow> rows_;
    std::size_t done_ = 0, all_ = 0;
    bool sweeping_ = false;
    std::optional<TradeoffRun> current_;
    double currentShare_ = 0;
    QString phase_;
    QElapsedTimer elapsed_;
    std::optional<std::size_t> doneBefore_; ///< when this sweep began
    TradeoffWorker worker_;
};

} // namespace zipml::ui
