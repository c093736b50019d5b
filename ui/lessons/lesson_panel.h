#pragma once
/// The panel of lessons is a guide beside the pages: text, buttons that set up runs, statements checked
/// against what was measured, and a question. A lesson's runs are a group of their own. A statement looks only
/// at those that its button made, and what was measured once stays, whatever becomes of the runs.

#include "ui/lessons/lesson_parts.h"

#include <QTimer>

#include <map>

class QComboBox;
class QScrollArea;
class QToolButton;

namespace zipml::ui {

class ExperimentModel;
struct RunOrigin;

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
    /// Of the lesson that is shown. @param part its place in the lesson
    [[nodiscard]] RunOrigin originOf(std::size_t part) const;
    void run(const LessonAction& action, const RunOrigin& origin);
    void update();

    ExperimentModel& experiment_;
    std::vector<Lesson> lessons_;
    QComboBox* chooser_;
    QToolButton *back_, *next_;
    QScrollArea* scroll_;
    std::vector<std::pair<RunOrigin, LessonActionBox*>> actions_;
    QList<LessonQuestionBox*> questions_;
    std::map<QString, LessonValues> measured_; ///< by what made the runs
    QTimer soon_;                              ///< gathers the news of runs
};

} // namespace zipml::ui
