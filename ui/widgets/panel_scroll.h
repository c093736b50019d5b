#pragma once
/// A scrolling panel of settings scrolls down where the window is low, and is always as wide as it asks for.

#include <QScrollArea>

class QSplitter;

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

/// @return the panel, as narrow as it can be, and beside it what it is about; a handle between them moves
QSplitter* besidePanel(PanelScroll* panel, QWidget* content, QWidget* parent);

} // namespace zipml::ui
