#pragma once
/// A line at the top of the window for errors and news; never modal. Esc or its button closes it.

#include <QFrame>

class QLabel;
class QTimer;

namespace zipml::ui {

class MessageBar : public QFrame {
    Q_OBJECT
  public:
    explicit MessageBar(QWidget* parent = nullptr);
    /// @param bad an error: stays until it is closed or replaced; else it goes after a few seconds
    void showMessage(const QString& text, bool bad);
    [[nodiscard]] QString text() const;

  private:
    QLabel* label_;
    QLabel* icon_;
    QTimer* timer_;
};

} // namespace zipml::ui
