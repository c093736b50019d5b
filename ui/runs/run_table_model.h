#pragma once
/// The table of runs has a row a run, and a column for each result and each setting.

#include "core/compare/run_facts.h"
#include "ui/runs/run_list.h"
#include "ui/runs/runs_table.h"

#include <map>

namespace zipml::ui {

class RunTableModel : public RunsTable<RunList> {
    Q_OBJECT
  public:
    enum Column {
        Name,
        Data,
        Device, ///< hidden until a run uses another than the processor
        Estimator,
        Bits,
        Epoch,
        TrainLoss,
        Objective,
        TestLoss,
        Accuracy, ///< hidden until a run is on classes
        Bias,
        Moved,
        SecondsPerEpoch,
        MeasuringSeconds, ///< hidden until it is asked for
        TimesFaster,      ///< than full precision: hidden until there is such a run
        TimesLessData,    ///< likewise
        Progress,
        Group,       ///< hidden until a lesson or the gallery has runs
        FirstSetting ///< from here on settings that have no column above, in the order of specKeys()
    };

    explicit RunTableModel(RunList& runs, QObject* parent = nullptr);

    [[nodiscard]] RunList& runs() const { return runs_; }
    /// What a filter asks for; as it is now.
    [[nodiscard]] const RunFacts& factsOf(int row) const;
    /// The cell's number, unrounded; empty where there is none.
    [[nodiscard]] std::optional<double> numberOf(int row, int column) const;
    /// The setting (its place among specKeys()) that a column shows.
    [[nodiscard]] static std::optional<std::size_t> settingOf(int column);
    [[nodiscard]] static int columnOf(std::size_t setting);
    /// A name that stays the same, for what is kept of a column: "train_loss".
    [[nodiscard]] static QString keyOf(int column);
    /// As the column shows numbers.
    [[nodiscard]] static QString numberText(int column, double number);

  private:
    struct Known {
        RunSpec spec; ///< of which the facts are
        int bits = 0;
        std::optional<EstimatorKind> estimator; ///< that train now
        std::string arithmetic; ///< as taken; empty: not known yet, and what is likely is shown
        RunFacts facts;
        std::size_t measured = 0; ///< epochs that the next is the sum over
        double measuring = 0;     ///< seconds
    };
    [[nodiscard]] QString text(const RunView& run, int column) const override;
    [[nodiscard]] QString tip(const RunView& run) const override;
    void forgetOthers() const;
    /// What the bits save; beside the first run in full precision on the same data.
    void compareWithFull(const RunView& run, Results& results) const;

    RunList& runs_;
    mutable std::map<int, Known> known_; ///< by the run's id
};

} // namespace zipml::ui
