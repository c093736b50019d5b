#pragma once
/// A box for the line that finds runs. What is typed acts a moment later; what is wrong with it is said
/// beside it, and the runs stay as they were found.

#include "core/compare/run_filter.h"

#include <QLineEdit>
#include <QTimer>

class QLabel;

namespace zipml::ui {

class FilterBox : public QWidget {
    Q_OBJECT
  public:
    explicit FilterBox(QWidget* parent = nullptr);

    [[nodiscard]] QString text() const { return edit_->text(); }
    /// Acts at once.
    void setText(const QString& text);
    /// For the keyboard.
    void focus();
    /// "12 of 40 runs", where a filter is set.
    void setCount(qsizetype shown, qsizetype all);

  signals:
    void changed(const zipml::RunFilter& filter);

  private:
    void read();
    void say(const QString& text, bool bad);

    QLineEdit* edit_;
    QLabel* said_;
    QTimer soon_;
    bool bad_ = false;
};

} // namespace zipml::ui
