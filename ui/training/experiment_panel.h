#pragma once
/// The left side: edits a RunSpec. Every control stands for one key of it.

#include "core/lab/run_spec.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSlider;
class QSpinBox;

namespace zipml::ui {

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

  signals:
    /// The person asks for a file.
    void openRequested();
    void openTestRequested();

  private:
    QFormLayout* addSection(const QString& title);
    template <class Widget>
    Widget* add(QFormLayout* form, const QString& label, Widget* widget, const char* key);
    void buildData();
    void buildFileOptions(QFormLayout* form);
    void buildQuantization();
    void buildTraining();
    void buildMeasurement();
    void updateAvailability();
    void selectSource(const QString& source);

    QFormLayout* dataForm_;
    RunSpec base_; ///< settings that have no control here
    QComboBox *source_, *scaling_, *task_, *loss_, *estimator_, *rounding_, *delimiter_, *header_, *schedule_,
        *order_;
    QLineEdit *test_, *labelColumn_, *step_, *scheduleDetail_;
    QLabel *card_, *levels_, *scheduleDetailLabel_ = nullptr;
    QDoubleSpinBox* split_;
    QSlider* bitsSlider_;
    QSpinBox *bits_, *skipLines_, *batch_, *epochs_, *earlyStop_, *biasDraws_;
    QLineEdit* seed_;
    QCheckBox* intercept_;
};

} // namespace zipml::ui
