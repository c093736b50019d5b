#pragma once
/// A panel of settings that scrolls down where the window is low, and is always as wide as it asks for, and
/// as high as its texts are when they wrap. The panel has a layout.

#include <QScrollArea>

namespace zipml::ui {

class PanelScroll : public QScrollArea {
    Q_OBJECT
  public:
    PanelScroll(QWidget* panel, const QString& name, QWidget* parent);

  protected:
    bool eventFilter(QObject* object, QEvent* event) override;

    void resizeEvent(QResizeEvent* event) override;

  private:
    void fit();
};

} // namespace zipml::ui
