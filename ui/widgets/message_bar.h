#pragma once
/// A notice for errors and news lies over the page and moves nothing below it; never modal. Esc or its button
/// closes it.

#include <QFrame>

class QLabel;
class QTimer;

namespace zipml::ui {

class MessageBar : public QFrame {
    Q_OBJECT
  public:
    /// At the top right of `page`, its parent, whatever the size of that.
    explicit MessageBar(QWidget* page);
    /// @param bad an error: stays until it is closed or replaced; else it goes after a few seconds
    void showMessage(const QString& text, bool bad);
    [[nodiscard]] QString text() const;

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void place();
    void paintIn(const char* color);

    QLabel* label_;
    QLabel* icon_;
    QTimer* timer_;
    bool bad_ = false;
};

} // namespace zipml::ui
