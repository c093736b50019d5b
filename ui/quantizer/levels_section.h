#pragma once
/// How many levels, and the one that is selected.

#include "ui/widgets/panel_section.h"

class QPushButton;
class QSlider;
class QSpinBox;

namespace zipml::ui {

class LevelPlot;
class QuantizerModel;

class LevelsSection : public PanelSection {
    Q_OBJECT
  public:
    explicit LevelsSection(QWidget* parent);

    void show(QuantizerModel& model, const LevelPlot& plot);

  signals:
    void bitsChanged(int bits);
    void insertRequested();
    void removeRequested();

  private:
    QSlider* slider_;
    QSpinBox* bits_;
    QLabel *count_, *selected_;
    QPushButton *insert_, *remove_;
};

} // namespace zipml::ui
