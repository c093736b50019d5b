#pragma once
/// A panel of settings that scrolls down where the window is low, and is always as wide as it asks for.

#include <QScrollArea>

namespace zipml::ui {

class PanelScroll : public QScrollArea {
    Q_OBJECT
  public:
    PanelScroll(QWidget* panel, const QString& name, QWidget* parent);

  protected:
    bool eventFilter(QObject* object, QEvent* event) override;

  private:
    void widen();
};

} // namespace zipml::ui
