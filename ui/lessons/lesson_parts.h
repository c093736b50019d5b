#pragma once
/// What a lesson is made of, as widgets: a button with the statements it lets one check, and a question.

#include "core/document/lesson.h"

#include <QWidget>

class QButtonGroup;
class QLabel;
class QPushButton;

namespace zipml::ui {

/// What was measured for each statement of a button.
using LessonValues = std::vector<std::optional<double>>;

/// A button that sets up the lab, and below it what the lesson says of the result; each statement shows its
/// measured value once the runs have ended.
class LessonActionBox : public QWidget {
    Q_OBJECT
  public:
    LessonActionBox(const LessonAction& action, QWidget* parent);
    [[nodiscard]] const LessonAction& action() const { return action_; }
    [[nodiscard]] QPushButton* button() const { return button_; }
    /// What was measured before.
    void show(const LessonValues& values);
    /// @param runs those that the button made @return with what was measured before where they tell nothing
    const LessonValues& update(std::span<const ObservedRun> runs);

  signals:
    void wanted(const LessonAction& action);

  private:
    LessonAction action_;
    QPushButton* button_;
    QList<QLabel*> claims_;
    LessonValues values_;
};

class LessonQuestionBox : public QWidget {
    Q_OBJECT
  public:
    LessonQuestionBox(const LessonQuestion& question, QWidget* parent);
    [[nodiscard]] const LessonQuestion& question() const { return question_; }
    void update(std::span<const ObservedRun> runs);
    /// The text under the choices.
    [[nodiscard]] QString verdict() const;

  signals:
    /// The reader wants the runs that answer it.
    void runsWanted(const std::vector<RunSpec>& runs);

  private:
    void judge();

    LessonQuestion question_;
    QButtonGroup* choices_;
    QLabel* verdict_;
    std::optional<double> value_;
};

} // namespace zipml::ui
