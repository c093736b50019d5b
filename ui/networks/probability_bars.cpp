#include "ui/networks/probability_bars.h"

#include "ui/theme/palette.h"

#include <QPainter>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kRight = 0, kWrong = 1; // colours, as indices into the palette
constexpr int kGap = 6;

QString percent(double share) {
    return QString::number(100 * share, 'f', share < 0.1 ? 1 : 0) + "%";
}

} // namespace

ProbabilityBars::ProbabilityBars(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setAccessibleName(tr("Probability of each class"));
}

void ProbabilityBars::show(const std::vector<std::string>& classes, const std::vector<double>& probabilities,
                           int truth) {
    classes_ = classes;
    probabilities_ = probabilities;
    truth_ = truth;
    QStringList spoken;
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        spoken << QString("%1 %2").arg(QString::fromStdString(classes[i]), percent(probabilities[i]));
    setAccessibleDescription(spoken.join(", "));
    setToolTip(spoken.join('\n'));
    updateGeometry();
    update();
}

void ProbabilityBars::clear() {
    show({}, {}, -1);
}

int ProbabilityBars::best() const {
    return probabilities_.empty()
               ? -1
               : static_cast<int>(std::ranges::max_element(probabilities_) - probabilities_.begin());
}

QSize ProbabilityBars::minimumSizeHint() const {
    constexpr int kLeastBar = 40, kUsualClasses = 10, kLeastLine = 11;
    return {fontMetrics().horizontalAdvance("automobile ✓") + kGap + kLeastBar + kGap +
                fontMetrics().horizontalAdvance("99.9%"),
            kUsualClasses * kLeastLine};
}

void ProbabilityBars::paintEvent(QPaintEvent* /*event*/) {
    if (probabilities_.empty())
        return;
    QPainter painter(this);
    const PlotColors colors = PlotColors::ofApplication();
    const QFontMetrics metrics = fontMetrics();
    const int nameWidth = metrics.horizontalAdvance("automobile ✓");
    const int numberWidth = metrics.horizontalAdvance("99.9%");
    const int count = static_cast<int>(probabilities_.size());
    const int line = std::min(metrics.height() + 4, height() / count);
    const int left = nameWidth + kGap;
    const int room = std::max(8, std::min(width(), 360) - left - kGap - numberWidth);
    for (int i = 0; i < count; ++i) {
        const double share = probabilities_[static_cast<std::size_t>(i)];
        const int top = i * line;
        QFont font = this->font();
        font.setBold(i == best());
        painter.setFont(font);
        painter.setPen(colors.text);
        const QString name = QString::fromStdString(classes_[static_cast<std::size_t>(i)]);
        painter.drawText(QRect(0, top, nameWidth, line), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(i == truth_ ? name + " ✓" : name, Qt::ElideRight, nameWidth));
        const bool wrong = truth_ >= 0 && i != truth_;
        painter.fillRect(QRect(left, top + 2, room, line - 4), colors.grid);
        painter.fillRect(QRect(left, top + 2, static_cast<int>(room * share), line - 4),
                         colors.run(wrong ? kWrong : kRight));
        painter.drawText(QRect(left + room + kGap, top, numberWidth, line), Qt::AlignRight | Qt::AlignVCenter,
                         percent(share));
    }
}

} // namespace zipml::ui
