#include "ui/networks/filters_view.h"

#include "ui/networks/network_images.h"
#include "ui/theme/palette.h"
#include "ui/widgets/file_dialogs.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

constexpr int kMargin = 12, kBetween = 24, kUnderTitle = 4, kGap = 5; // pixels

} // namespace

FiltersView::FiltersView(QWidget* parent) : NetworkView(parent) {
    setObjectName("networkFilters");
    setAccessibleName(tr("Filters of the first layer"));
    setFocusPolicy(Qt::NoFocus);
    show(nullptr);
}

void FiltersView::show(const NetworkRun* run) {
    snapshot_ = run != nullptr ? run->snapshot : nullptr;
    if (snapshot_) {
        const auto& bank = snapshot_->filters;
        const QString count = bank.count == bank.total ? QString::number(bank.total)
                                                       : tr("%1 of %2").arg(bank.count).arg(bank.total);
        title_ = tr("%1: %2 filters of %3 × %4 × %5 at full precision (grey: 0)")
                     .arg(QString::fromStdString(bank.layer), count)
                     .arg(bank.shape.channels)
                     .arg(bank.shape.height)
                     .arg(bank.shape.width);
        const auto& levels = snapshot_->layers.front().levels;
        roundedTitle_ = levels.empty() ? tr("as computed with: not rounded")
                                       : tr("as computed with: %1 levels").arg(levels.front().size());
        setAccessibleDescription(title_ + "; " + roundedTitle_);
    }
    draw();
}

/// In the grid that shows them largest, both at the same scale.
void FiltersView::draw() {
    full_ = rounded_ = {};
    if (snapshot_) {
        const auto& bank = snapshot_->filters;
        const int room = (width() - 2 * kMargin - kBetween) / 2;
        const int high = height() - 2 * kMargin - fontMetrics().height() - kUnderTitle;
        const auto count = static_cast<int>(bank.count);
        double best = 0;
        for (int columns = 1; columns <= count; ++columns) {
            const int rows = (count + columns - 1) / columns;
            const double scale =
                std::min(static_cast<double>(room - (columns - 1) * kGap) / (columns * bank.shape.width),
                         static_cast<double>(high - (rows - 1) * kGap) / (rows * bank.shape.height));
            if (scale > best) {
                best = scale;
                columns_ = columns;
            }
        }
        scale_ = std::max(1, static_cast<int>(best));
        float most = 0;
        for (const float weight : bank.full)
            most = std::max(most, std::abs(weight));
        full_ = filterPicture(bank, bank.full, most, columns_);
        rounded_ = filterPicture(bank, bank.rounded, most, columns_);
    }
    update();
}

/// The picture's cells, enlarged.
void FiltersView::paintBank(QPainter& painter, const QImage& picture, QPoint place) const {
    const auto& bank = snapshot_->filters;
    const QSize size(bank.shape.width, bank.shape.height);
    for (int f = 0; f < static_cast<int>(bank.count); ++f) {
        const int column = f % columns_, row = f / columns_;
        const QRect from({column * (size.width() + 1), row * (size.height() + 1)}, size);
        const QPoint corner(column * (size.width() * scale_ + kGap), row * (size.height() * scale_ + kGap));
        painter.drawImage(QRect(place + corner, size * scale_), picture, from);
    }
}

void FiltersView::resizeEvent(QResizeEvent* event) {
    NetworkView::resizeEvent(event);
    draw();
}

void FiltersView::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const PlotColors colors = PlotColors::ofApplication();
    painter.fillRect(rect(), colors.background);
    if (full_.isNull()) {
        painter.setPen(colors.mutedText);
        painter.drawText(rect(), Qt::AlignCenter, tr("Filters appear with the next evaluation of a run."));
        return;
    }
    painter.setPen(colors.text);
    const int half = (width() - 2 * kMargin - kBetween) / 2;
    const int line = fontMetrics().height();
    int left = kMargin;
    for (const auto& [picture, title] : {std::pair{&full_, &title_}, std::pair{&rounded_, &roundedTitle_}}) {
        painter.drawText(QRect(left, kMargin - 2, half, line + 2), Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(*title, Qt::ElideRight, half));
        paintBank(painter, *picture, {left, kMargin + line + kUnderTitle});
        left += half + kBetween;
    }
}

void FiltersView::contextMenuEvent(QContextMenuEvent* event) {
    if (full_.isNull())
        return;
    QMenu menu(this);
    menu.addAction(tr("Export as PNG…"), this, &FiltersView::savePicture);
    menu.exec(event->globalPos());
}

void FiltersView::savePicture() {
    saveToFile(
        *this, {tr("Export the filters"), "filters.png", tr("Picture (*.png)")},
        [picture = grab().toImage()](const QString& file) {
            if (!picture.save(file, "PNG"))
                throw RunError(tr("%1 cannot be written").arg(file).toStdString());
        },
        [this](const QString& text, bool bad) { emit message(text, bad); });
}

} // namespace zipml::ui
