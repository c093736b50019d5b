#include "ui/quantizer/rounding_section.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

constexpr int kMilliseconds = 50; // 20 draws a second
constexpr std::size_t kMany = 1000, kMost = 1'000'000;
constexpr std::uint64_t kSeed = 1;

} // namespace

RoundingSection::RoundingSection(QWidget* parent) : PanelSection(tr("One value, again and again"), parent) {
    value_ = new QDoubleSpinBox(this);
    value_->setObjectName("pickedValue");
    value_->setAccessibleName(tr("Value to round"));
    value_->setToolTip(
        tr("The value that is rounded, in the axis' units; a click into the histogram sets it"));
    value_->setDecimals(5);
    value_->setKeyboardTracking(false);
    addLabelled(tr("Va&lue v"), value_, value_);
    how_ = new QComboBox(this);
    how_->setObjectName("howToRound");
    how_->setAccessibleName(tr("Rounding"));
    how_->setToolTip(tr("Stochastic: up or down at random, so that the mean is v. Nearest: always the same"));
    fill<Rounding>(how_, {{Rounding::Stochastic, tr("Stochastic")}, {Rounding::Nearest, tr("Nearest")}});
    addLabelled(tr("Rou&nding"), how_, how_);
    pause_ = new QPushButton(tr("&Pause"), this);
    pause_->setObjectName("pauseDraws");
    pause_->setAccessibleName(tr("Pause drawing"));
    pause_->setCheckable(true);
    pause_->setToolTip(tr("Stop or go on drawing, 20 times a second"));
    many_ = new QPushButton(tr("&1,000 draws"), this);
    many_->setObjectName("manyDraws");
    many_->setAccessibleName(tr("1,000 draws at once"));
    many_->setToolTip(many_->accessibleName());
    auto* buttons = new QWidget(this);
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(pause_);
    row->addWidget(many_);
    form_->addRow(buttons);
    outcome_ = new QLabel(this);
    outcome_->setObjectName("outcome");
    outcome_->setAccessibleName(tr("What came of it"));
    outcome_->setTextFormat(Qt::RichText);
    outcome_->setWordWrap(true);
    outcome_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    form_->addRow(outcome_);

    timer_.setInterval(kMilliseconds);
    connect(&timer_, &QTimer::timeout, this, [this] { draw(1); });
    connect(value_, &QDoubleSpinBox::valueChanged, this, [this] { begin(); });
    connect(how_, &QComboBox::currentIndexChanged, this, [this] { begin(); });
    connect(many_, &QPushButton::clicked, this, [this] { draw(kMany); });
    connect(pause_, &QPushButton::toggled, this, [this](bool paused) {
        pause_->setText(paused ? tr("&Resume") : tr("&Pause"));
        setWatched(watched_);
    });
    updateTexts();
}

void RoundingSection::setWatched(bool watched) {
    watched_ = watched;
    if (watched_ && !pause_->isChecked() && rounding_)
        timer_.start();
    else
        timer_.stop();
}

void RoundingSection::setLevels(const std::vector<double>& levels) {
    if (levels == levels_)
        return;
    const bool otherRange = levels_.empty() || levels.empty() || levels.front() != levels_.front() ||
                            levels.back() != levels_.back();
    levels_ = levels;
    if (otherRange && !levels_.empty()) {
        const QSignalBlocker quiet(value_);
        const double low = levels_.front();
        const double range = levels_.back() - low;
        // As many places as tell a ten-thousandth of the range.
        value_->setDecimals(std::clamp(4 - static_cast<int>(std::floor(std::log10(range + 1e-300))), 0, 12));
        value_->setRange(low, levels_.back());
        value_->setSingleStep(range / 100);
        value_->setValue(low + 0.37 * range);
    }
    if (rounding_ && !levels_.empty()) {
        const RepeatedRounding now(levels_, value_->value(), rounding_->rounding(), kSeed);
        if (now.value() == rounding_->value() && now.lower() == rounding_->lower() &&
            now.upper() == rounding_->upper())
            return; // other levels moved: the draws go on
    }
    begin();
}

void RoundingSection::setValue(double value) {
    if (std::abs(value_->value() - value) > 0)
        value_->setValue(value);
    begin(); // the same value once more begins anew too
}

void RoundingSection::begin() {
    rounding_.reset();
    if (!levels_.empty())
        rounding_.emplace(levels_, value_->value(), chosen<Rounding>(how_), kSeed);
    for (auto* control : std::initializer_list<QWidget*>{value_, how_, pause_, many_})
        control->setEnabled(rounding_.has_value());
    setWatched(watched_);
    draw(1);
}

void RoundingSection::draw(std::size_t count) {
    if (rounding_)
        rounding_->drawUpTo(std::min(rounding_->draws() + count, kMost));
    if (rounding_ && rounding_->draws() >= kMost)
        timer_.stop();
    updateTexts();
    emit changed();
}

void RoundingSection::updateTexts() {
    if (!rounding_)
        return outcome_->setText(tr("Click a value in the histogram."));
    const RepeatedRounding& r = *rounding_;
    const auto number = [](double value) { return QString::number(value, 'g', 5); };
    const auto percent = [](double share) { return QString::number(share * 100, 'f', 1) + "%"; };
    QString text;
    if (r.upper() > r.lower())
        text = tr("up to <b>%1</b>: %2<br>down to <b>%3</b>: %4")
                   .arg(number(r.upper()), percent(r.upProbability()), number(r.lower()),
                        percent(1 - r.upProbability()));
    else
        text = tr("v is on a level: it stays there");
    const double mean = r.mean(r.draws());
    text += tr("<br>mean of %1 draws: <b>%2</b><br>")
                .arg(QLocale(QLocale::English).toString(static_cast<qulonglong>(r.draws())), number(mean));
    const double error = std::sqrt(r.variance() / static_cast<double>(r.draws()));
    if (r.rounding() == Rounding::Nearest)
        text += tr("off by %1, however many draws").arg(number(std::abs(mean - r.value())));
    else if (error > 0)
        text += tr("off by %1 (%2 standard errors)")
                    .arg(number(std::abs(mean - r.value())))
                    .arg(std::abs(mean - r.value()) / error, 0, 'f', 1);
    outcome_->setText(text);
}

} // namespace zipml::ui
