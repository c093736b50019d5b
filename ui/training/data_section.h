#pragma once
/// Where the rows come from, how files are read, and scaling.

#include "ui/training/panel_section.h"

class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace zipml::ui {

class DataSection : public PanelSection {
    Q_OBJECT
  public:
    explicit DataSection(QWidget* parent);

    void setSpec(const RunSpec& spec);
    void read(RunSpec& spec) const;
    /// How files are to be read, as set here.
    [[nodiscard]] LoadOptions loadOptions() const;
    /// Selects a data file or generator and shows `card` under it.
    void setData(const QString& source, const QString& card);

  signals:
    /// The person asks for a file.
    void openRequested();
    void openTestRequested();

  private:
    QWidget* sideBySide(QWidget* wide, QWidget* button);
    void buildFileOptions();
    void updateAvailability();
    void selectSource(const QString& source);

    LoadOptions base_; ///< options that have no control here
    QComboBox *source_, *scaling_, *labelScaling_, *task_, *delimiter_, *header_;
    QLineEdit *test_, *labelColumn_;
    QLabel* card_;
    QDoubleSpinBox* split_;
    QSpinBox* skipLines_;
};

} // namespace zipml::ui
