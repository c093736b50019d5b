#pragma once
/// Asks for a plot's size on paper, its type size and, for PNG, its resolution, then for the file.

#include "ui/plot/plot_file.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSpinBox;

namespace zipml::ui {

class ExportPlotDialog : public QDialog {
    Q_OBJECT
  public:
    explicit ExportPlotDialog(QWidget* parent = nullptr);

    [[nodiscard]] PlotLook look() const;
    /// "png", "svg" or "pdf".
    [[nodiscard]] QString ending() const;

  private:
    void sizeChosen(int index);
    void showResult();

    QComboBox *format_, *size_;
    QDoubleSpinBox *width_, *height_, *font_;
    QSpinBox* resolution_;
    QLabel* result_;
};

} // namespace zipml::ui
