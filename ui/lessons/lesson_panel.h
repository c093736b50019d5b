#pragma once
/// The panel of lessons is a guide beside the pages: text, buttons that set up runs, statements checked
/// against what was measured, and a question.

#include "ui/lessons/lesson_parts.h"

#include <QTimer>

class QComboBox;
class QScrollArea;
class QToolButton;

namespace zipml::ui {

class ExperimentModel;

class LessonPanel : public QWidget {
    Q_OBJECT
  public:
    /// @param experiment what lessons set up and run; outlives this
    explicit LessonPanel(ExperimentModel& experiment, QWidget* parent = nullptr);

    [[nodiscard]] int count() const { return static_cast<int>(lessons_.size()); }
    [[nodiscard]] const Lesson& lesson(int index) const { return lessons_[static_cast<std::size_t>(index)]; }
    void showLesson(int index);

  signals:
    /// A lesson speaks of another page.
    void pageWanted(const QString& name);

  private:
    void run(const LessonAction& action);
    void update();

    ExperimentModel& experiment_;
    std::vector<Lesson> lessons_;
    QComboBox* chooser_;
    QToolButton *back_, *next_;
    QScrollArea* scroll_;
    QList<LessonActionBox*> actions_;
    QList<LessonQuestionBox*> questions_;
    QTimer soon_; ///< gathers the news of runs
};

} // namespace zipml::ui
