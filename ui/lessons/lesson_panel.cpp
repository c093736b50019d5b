#include "ui/lessons/lesson_panel.h"

#include "ui/experiment/experiment_model.h"

#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

/// Compiled in, so a lesson that cannot be read is a mistake of ours: tests read them all.
std::vector<Lesson> readLessons() {
    std::vector<Lesson> lessons;
    for (const auto& name : QDir(":/lessons").entryList({"*.md"}, QDir::Files, QDir::Name)) {
        QFile file(":/lessons/" + name);
        if (file.open(QIODevice::ReadOnly))
            lessons.push_back(parseLesson(file.readAll().toStdString(), name.toStdString()));
    }
    return lessons;
}

std::vector<ObservedRun> observed(const RunList& runs, const std::function<bool(const RunView& run)>& which) {
    std::vector<ObservedRun> all;
    for (int row = 0; row < runs.size(); ++row)
        if (const RunView& run = runs.at(row); which(run))
            all.push_back({&run.spec, run.setup ? &*run.setup : nullptr,
                           run.epochs.empty() ? nullptr : &run.epochs.back(), run.record.has_value()});
    return all;
}

} // namespace

LessonPanel::LessonPanel(ExperimentModel& experiment, QWidget* parent)
    : QWidget(parent), experiment_(experiment), lessons_(readLessons()), chooser_(new QComboBox(this)),
      back_(new QToolButton(this)), next_(new QToolButton(this)), scroll_(new QScrollArea(this)) {
    chooser_->setObjectName("lesson");
    chooser_->setAccessibleName(tr("Lesson"));
    chooser_->setToolTip(tr("Which lesson is shown"));
    chooser_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (std::size_t i = 0; i < lessons_.size(); ++i)
        chooser_->addItem(QString("%1  %2").arg(i + 1).arg(QString::fromStdString(lessons_[i].title)));
    const auto makeArrow = [this](QToolButton* button, Qt::ArrowType arrow, const QString& name, int step) {
        button->setArrowType(arrow);
        button->setAccessibleName(name);
        button->setToolTip(name);
        button->setFocusPolicy(Qt::TabFocus);
        connect(button, &QToolButton::clicked, this,
                [this, step] { chooser_->setCurrentIndex(chooser_->currentIndex() + step); });
    };
    makeArrow(back_, Qt::LeftArrow, tr("Previous lesson"), -1);
    makeArrow(next_, Qt::RightArrow, tr("Next lesson"), 1);
    auto* line = new QHBoxLayout;
    line->addWidget(back_);
    line->addWidget(chooser_, 1);
    line->addWidget(next_);
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setObjectName("lessonText");
    scroll_->setAccessibleName(tr("Text of the lesson"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 0, 8);
    layout->addLayout(line);
    layout->addWidget(scroll_, 1);
    setMinimumWidth(270);

    connect(chooser_, &QComboBox::currentIndexChanged, this, &LessonPanel::showLesson);
    soon_.setSingleShot(true);
    soon_.setInterval(50);
    connect(&soon_, &QTimer::timeout, this, &LessonPanel::update);
    const auto later = [this] {
        if (!soon_.isActive())
            soon_.start();
    };
    connect(&experiment_.runs(), &RunList::rowChanged, this, later);
    connect(&experiment_.runs(), &RunList::reset, this, later);
    showLesson(0);
}

void LessonPanel::showLesson(int index) {
    chooser_->setCurrentIndex(index);
    back_->setEnabled(index > 0);
    next_->setEnabled(index + 1 < count());
    actions_.clear();
    questions_.clear();
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 12, 0);
    layout->setSpacing(10);
    auto* title = new QLabel("<h2>" + QString::fromStdString(lesson(index).title).toHtmlEscaped() + "</h2>");
    title->setWordWrap(true);
    layout->addWidget(title);
    const auto& parts = lesson(index).parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& part = parts[i];
        const RunOrigin origin = originOf(i);
        if (const auto* text = std::get_if<std::string>(&part)) {
            auto* label = new QLabel(QString::fromStdString(*text));
            label->setTextFormat(Qt::MarkdownText);
            label->setWordWrap(true);
            layout->addWidget(label);
        } else if (const auto* action = std::get_if<LessonAction>(&part)) {
            auto* box = new LessonActionBox(*action, page);
            connect(box, &LessonActionBox::wanted, this,
                    [this, origin](const LessonAction& wanted) { run(wanted, origin); });
            box->show(measured_[origin.maker]);
            layout->addWidget(box);
            actions_.emplace_back(origin, box);
        } else {
            auto* box = new LessonQuestionBox(std::get<LessonQuestion>(part), page);
            connect(box, &LessonQuestionBox::runsWanted, this,
                    [this, origin](const std::vector<RunSpec>& runs) {
                        emit pageWanted("training");
                        experiment_.startFor(origin, runs);
                    });
            layout->addWidget(box);
            questions_ << box;
        }
    }
    layout->addStretch(1);
    scroll_->setWidget(page); // deletes the one before
    update();
}

RunOrigin LessonPanel::originOf(std::size_t part) const {
    const int number = chooser_->currentIndex() + 1;
    return {tr("Lesson %1").arg(number), QString("%1/%2").arg(number).arg(part + 1)};
}

void LessonPanel::run(const LessonAction& action, const RunOrigin& origin) {
    if (action.settings)
        experiment_.setSpec(*action.settings); // before the page looks at it
    emit pageWanted(QString::fromStdString(action.page));
    experiment_.show(action, origin);
}

void LessonPanel::update() {
    const RunList& runs = experiment_.runs();
    for (const auto& [origin, box] : actions_)
        measured_[origin.maker] =
            box->update(observed(runs, [&, of = origin](const RunView& run) { return run.origin == of; }));
    // An answer may come from the lesson's runs, and from one's own of its kind, which the text asks for.
    const QString group = originOf(0).group;
    for (auto* question : questions_)
        question->update(observed(runs, [&](const RunView& run) {
            const auto& meant = question->question().runs;
            return run.origin.group == group ||
                   (run.origin.group.isEmpty() && std::ranges::any_of(meant, [&](const RunSpec& spec) {
                        return spec.data == run.spec.data && spec.loss == run.spec.loss;
                    }));
        }));
}

} // namespace zipml::ui
