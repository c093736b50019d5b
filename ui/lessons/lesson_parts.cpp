#include "ui/lessons/lesson_parts.h"

#include <QButtonGroup>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

QLabel* makeText(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// Buttons do not wrap their texts, and the panel is as wide as its widest one.
QString inLines(const std::string& text) {
    constexpr qsizetype kLongest = 32; // characters
    QStringList lines{QString()};
    for (const QString& word : QString::fromStdString(text).split(' ')) {
        if (!lines.back().isEmpty() && lines.back().size() + word.size() >= kLongest)
            lines << word;
        else
            lines.back() += lines.back().isEmpty() ? word : " " + word;
    }
    return lines.join('\n');
}

QString number(double value) {
    return QString::number(value, 'g', 3);
}

} // namespace

LessonActionBox::LessonActionBox(const LessonAction& action, QWidget* parent)
    : QWidget(parent), action_(action), button_(new QPushButton(inLines(action.title), this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    button_->setAutoDefault(false);
    layout->addWidget(button_, 0, Qt::AlignLeft);
    for (std::size_t i = 0; i < action_.claims.size(); ++i) {
        claims_ << makeText({}, this);
        layout->addWidget(claims_.back());
    }
    connect(button_, &QPushButton::clicked, this, [this] { emit wanted(action_); });
    update({});
}

void LessonActionBox::show(const LessonValues& values) {
    values_ = values;
    update({});
}

const LessonValues& LessonActionBox::update(std::span<const ObservedRun> runs) {
    values_.resize(action_.claims.size());
    for (qsizetype i = 0; i < claims_.size(); ++i) {
        const Claim& claim = action_.claims[static_cast<std::size_t>(i)];
        auto& value = values_[static_cast<std::size_t>(i)];
        if (const auto now = measured(claim.measure, runs))
            value = now;
        const QString say = QString::fromStdString(claim.say);
        claims_[i]->setText(
            !value ? "○ " + say
            : claim.holds(*value)
                ? tr("✓ %1 Measured: %2.").arg(say, number(*value))
                : tr("✗ %1 Measured here: %2, which does not show it.").arg(say, number(*value)));
    }
    return values_;
}

LessonQuestionBox::LessonQuestionBox(const LessonQuestion& question, QWidget* parent)
    : QWidget(parent), question_(question), choices_(new QButtonGroup(this)), verdict_(makeText({}, this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* ask = makeText("<b>" + QString::fromStdString(question.ask).toHtmlEscaped() + "</b>", this);
    layout->addWidget(ask);
    for (const auto& choice : question_.choices) {
        auto* button = new QRadioButton(inLines(choice.text), this);
        button->setAccessibleDescription(QString::fromStdString(question.ask));
        choices_->addButton(button, static_cast<int>(choices_->buttons().size()));
        layout->addWidget(button);
    }
    verdict_->setObjectName("verdict");
    layout->addWidget(verdict_);
    auto* run = new QPushButton(tr("Run it for me"), this);
    run->setObjectName("runForMe");
    run->setAutoDefault(false);
    run->setToolTip(QString::fromStdString(question.needs));
    layout->addWidget(run, 0, Qt::AlignLeft);
    connect(run, &QPushButton::clicked, this, [this] { emit runsWanted(question_.runs); });
    connect(choices_, &QButtonGroup::idClicked, this, &LessonQuestionBox::judge);
    judge();
}

void LessonQuestionBox::update(std::span<const ObservedRun> runs) {
    value_ = measured(question_.measure, runs);
    judge();
}

QString LessonQuestionBox::verdict() const {
    return verdict_->text();
}

void LessonQuestionBox::judge() {
    const int chosen = choices_->checkedId();
    if (!value_) {
        verdict_->setText(
            chosen < 0
                ? tr("Choose what you expect, then try it: %1").arg(QString::fromStdString(question_.needs))
                : tr("Now try it: %1").arg(QString::fromStdString(question_.needs)));
        return;
    }
    if (chosen < 0)
        return verdict_->setText(tr("It has been measured. What do you expect? Choose above."));
    const auto& choice = question_.choices[static_cast<std::size_t>(chosen)];
    const bool right = *value_ >= choice.from && *value_ < choice.to;
    verdict_->setText(
        (right ? tr("✓ Right: measured %1. %2") : tr("✗ Not this one: measured %1. %2"))
            .arg(number(*value_), right ? QString::fromStdString(question_.because) : tr("Choose again.")));
}

} // namespace zipml::ui
