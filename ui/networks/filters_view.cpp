#include "ui/networks/filters_view.h"

#include "ui/networks/network_images.h"
#include "ui/theme/palette.h"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QMenu>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace zipml::ui {
namespace {

constexpr int kMargin = 12, kBetween = 24;

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
        title_ = tr("%1: %2 filters of %3 × %4 × %5 at full precision")
                     .arg(QString::fromStdString(bank.layer), count)
                     .arg(bank.shape.channels)
                     .arg(bank.shape.height)
                     .arg(bank.shape.width);
        const auto& levels = snapshot_->layers.front().levels;
        roundedTitle_ = levels.empty() ? tr("as computed with: not rounded")
                                       : tr("as computed with: %n level(s)", nullptr,
                                            static_cast<int>(levels.front().size()));
        setAccessibleDescription(title_ + "; " + roundedTitle_);
    }
    draw();
}

/// In the grid that shows them largest, both at the same scale.
void FiltersView::draw() {
    full_ = rounded_ = {};
    if (snapshot_) {
        const auto& bank = snapshot_->filters;
        const double room = std::max(1, (width() - 2 * kMargin - kBetween) / 2);
        const double high = std::max(1, height() - 2 * kMargin - fontMetrics().height() - 4);
        const auto count = static_cast<int>(bank.count);
        double best = 0;
        for (int columns = 1; columns <= count; ++columns) {
            const int rows = (count + columns - 1) / columns;
            const double scale =
                std::min(room / (columns * (bank.shape.width + 1)), high / (rows * (bank.shape.height + 1)));
            if (scale > best) {
                best = scale;
                columns_ = columns;
            }
        }
        float most = 0;
        for (const float weight : bank.full)
            most = std::max(most, std::abs(weight));
        full_ = filterPicture(bank, bank.full, most, columns_);
        rounded_ = filterPicture(bank, bank.rounded, most, columns_);
    }
    update();
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
        painter.drawText(rect(), Qt::AlignCenter, tr("Filters appear with the first evaluation of a run."));
        return;
    }
    painter.setPen(colors.text);
    const int half = (width() - 2 * kMargin - kBetween) / 2;
    const int line = fontMetrics().height();
    int left = kMargin;
    for (const auto& [picture, title] : {std::pair{&full_, &title_}, std::pair{&rounded_, &roundedTitle_}}) {
        const int top = kMargin + line + 4;
        const int scale =
            std::max(1, std::min(half / picture->width(), (height() - top - kMargin) / picture->height()));
        painter.drawText(QRect(left, kMargin - 2, half, line + 2), Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(*title, Qt::ElideRight, half));
        painter.drawImage(QRect(QPoint(left, top), picture->size() * scale), *picture);
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
    auto* dialog = new QFileDialog(this, tr("Export the filters"), "filters.png", tr("Picture (*.png)"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix("png");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QImage picture = grab().toImage();
    connect(dialog, &QFileDialog::fileSelected, this, [this, picture](const QString& file) {
        const bool saved = picture.save(file, "PNG");
        emit message(saved ? tr("Saved %1").arg(file) : tr("%1 cannot be written").arg(file), !saved);
    });
    dialog->open();
}

} // namespace zipml::ui
