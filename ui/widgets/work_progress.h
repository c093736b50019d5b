#pragma once
/// How far work in the background is: a bar, and a line that says what is done or how it ended. Nothing jumps
/// when the bar comes and goes. In a panel the bar stands above the line, at the foot of a page beside it.

#include <QWidget>

class QLabel;
class QProgressBar;

namespace zipml::ui {

class WorkProgress : public QWidget {
    Q_OBJECT
  public:
    enum class Place { Panel, Foot };
    /// @param name for tests: of bar and line, with "Progress" and "Status" behind it
    /// @param spoken what the bar is to somebody who hears it
    WorkProgress(const QString& name, const QString& spoken, QWidget* parent, Place place = Place::Panel);

    /// Shows the bar. @param share 0 to 1
    void setShare(double share);
    void hideBar();
    void setText(const QString& text);
    [[nodiscard]] QString text() const;

  private:
    void layInPanel();
    void layAtFoot();

    QProgressBar* bar_;
    QLabel* status_;
};

} // namespace zipml::ui
