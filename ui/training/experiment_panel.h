#pragma once
/// The left side: edits a RunSpec, in sections. Every control stands for one key of it.

#include "core/bench/device_report.h"
#include "core/lab/run_spec.h"

#include <QWidget>

namespace zipml::ui {

class DataSection;
class QuantizationSection;
class SolverSection;

class ExperimentPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ExperimentPanel(QWidget* parent = nullptr);

    /// The settings as shown, valid. @throws InputError naming the first control whose text is not
    /// understood.
    [[nodiscard]] RunSpec spec() const;
    void setSpec(const RunSpec& spec);
    /// The data, which is always valid.
    [[nodiscard]] DataSpec data() const;
    void setData(const DataSpec& data);
    /// Shows what is known of a source under it.
    void setCard(const QString& source, const QString& card);
    [[nodiscard]] LossKind loss() const;
    /// With an estimator that goes with it.
    void chooseLoss(LossKind loss);
    /// What a run can be given to; predicted ones are left out. The choice stays as it is.
    void setDevices(const std::vector<DeviceReport>& devices);

  signals:
    /// A setting, by whomever.
    void changed();
    /// Settings were set from outside, also such that have no control here.
    void replaced();
    /// The person wants to see more of the data.
    void dataPageRequested();
    /// The person asks for a file.
    void openRequested();
    void openTestRequested();
    /// The samples' bits were moved: runs on stores of any precision follow.
    void bitsChanged(int bits);

  private:
    void listen();

    RunSpec base_; ///< settings that have no control here
    DataSection* data_;
    QuantizationSection* quantization_;
    SolverSection* solver_;
    bool setting_ = false;
};

} // namespace zipml::ui
