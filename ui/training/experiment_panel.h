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
    /// How files are to be read, as set here.
    [[nodiscard]] LoadOptions loadOptions() const;
    /// Selects a data file or generator and shows `card` under it.
    void setData(const QString& source, const QString& card);
    /// What a run can be given to; predicted ones are left out. The choice stays as it is.
    void setDevices(const std::vector<DeviceReport>& devices);

  signals:
    /// The person asks for a file.
    void openRequested();
    void openTestRequested();
    /// The samples' bits were moved: runs on stores of any precision follow.
    void bitsChanged(int bits);

  private:
    RunSpec base_; ///< settings that have no control here
    DataSection* data_;
    QuantizationSection* quantization_;
    SolverSection* solver_;
};

} // namespace zipml::ui
