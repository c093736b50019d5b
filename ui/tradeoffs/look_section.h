#pragma once
/// How the results of a sweep are looked at; nothing runs again for it.

#include "ui/tradeoffs/tradeoff_curves.h"
#include "ui/widgets/panel_section.h"

class QDoubleSpinBox;

namespace zipml::ui {

class LookSection : public PanelSection {
    Q_OBJECT
  public:
    explicit LookSection(QWidget* parent);

    /// Without a selection.
    [[nodiscard]] TradeoffLook look() const;

  signals:
    void changed();

  private:
    void showChoices();

    QComboBox *view_, *x_, *y_;
    QComboBox* cost_;
    QDoubleSpinBox *tolerance_, *energy_;
};

} // namespace zipml::ui
