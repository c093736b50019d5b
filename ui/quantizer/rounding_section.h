#pragma once
/// One value rounded again and again: which value, how, and what came of it.

#include "core/quant/repeated_rounding.h"
#include "ui/widgets/panel_section.h"

#include <QTimer>

#include <optional>

class QDoubleSpinBox;
class QPushButton;

namespace zipml::ui {

class RoundingSection : public PanelSection {
    Q_OBJECT
  public:
    explicit RoundingSection(QWidget* parent);

    /// Begins anew with the same value on these levels. @param levels none: there is nothing to round
    void setLevels(const std::vector<double>& levels);
    /// Begins anew with this value.
    void setValue(double value);
    /// Draws are made while somebody looks.
    void setWatched(bool watched);
    [[nodiscard]] const std::optional<RepeatedRounding>& rounding() const { return rounding_; }

  signals:
    /// Another value, or more draws.
    void changed();

  private:
    void begin();
    void draw(std::size_t count);
    void updateTexts();

    std::vector<double> levels_;
    std::optional<RepeatedRounding> rounding_;
    bool watched_ = false;
    QDoubleSpinBox* value_;
    QComboBox* how_;
    QPushButton *pause_, *many_;
    QLabel* outcome_;
    QTimer timer_;
};

} // namespace zipml::ui
