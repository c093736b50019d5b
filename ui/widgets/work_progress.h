#pragma once
/// How far work in the background is: a bar, and a line that says what is done or how it ended. Nothing jumps
/// when the bar comes and goes.

#include <QWidget>

class QLabel;
class QProgressBar;

namespace zipml::ui {

class WorkProgress : public QWidget {
    Q_OBJECT
  public:
    /// @param name for tests: of bar and line, with "Progress" and "Status" behind it
    /// @param spoken what the bar is to somebody who hears it
    WorkProgress(const QString& name, const QString& spoken, QWidget* parent);

    /// Shows the bar. @param share 0 to 1
    void setShare(double share);
    void hideBar();
    void setText(const QString& text);
    [[nodiscard]] QString text() const;

  private:
    QProgressBar* bar_;
    QLabel* status_;
};

} // namespace zipml::ui
