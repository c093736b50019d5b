#include "ui/tomography/image_tile.h"

#include "ui/theme/palette.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kMargin = 8, kGap = 10, kFiguresWidth = 84;

} // namespace

ImageTile::ImageTile(const QString& name, const QString& title, QWidget* parent)
    : QWidget(parent), title_(title) {
    setObjectName(name);
    setMouseTracking(true);
    describe();
}

void ImageTile::setPicture(const QImage& picture, std::function<QString(int, int)> readOut) {
    picture_ = picture;
    readOut_ = std::move(readOut);
    update();
}

void ImageTile::setTitle(const QString& title) {
    title_ = title;
    describe();
    update();
}

void ImageTile::setFigures(const QStringList& figures) {
    figures_ = figures;
    describe();
    update();
}

void ImageTile::setRun(int run) {
    run_ = run;
    update();
}

void ImageTile::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

void ImageTile::describe() {
    setAccessibleName(tr("Image: %1").arg(title_));
    setAccessibleDescription(figures_.join(", "));
}

/// Square pixels where the picture is square; a sinogram fills the same square.
QRect ImageTile::pictureRect() const {
    const int top = kMargin + fontMetrics().height() + 4;
    const int room = width() - 2 * kMargin - kGap - kFiguresWidth;
    const int side = std::max(16, std::min(room, height() - top - kMargin));
    return {kMargin, top, side, side};
}

bool ImageTile::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QRect place = pictureRect();
    if (!picture_.isNull() && readOut_ && place.contains(help->pos())) {
        const QPoint at = help->pos() - place.topLeft();
        QToolTip::showText(
            help->globalPos(),
            readOut_(at.x() * picture_.width() / place.width(), at.y() * picture_.height() / place.height()),
            this);
        return true;
    }
    QToolTip::showText(help->globalPos(), toolTip(), this);
    return true;
}

void ImageTile::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const PlotColors colors = PlotColors::ofApplication();
    painter.fillRect(rect(), colors.background);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    QRect line(kMargin, kMargin - 2, width() - 2 * kMargin, fontMetrics().height() + 2);
    if (run_ >= 0) { // the curve's colour in the plot below
        const int side = fontMetrics().height() - 6;
        painter.fillRect(QRect(line.left(), line.top() + 4, side, side), colors.run(run_));
        line.setLeft(line.left() + side + 6);
    }
    painter.setPen(colors.text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(bold).elidedText(title_, Qt::ElideRight, line.width()));
    painter.setFont(font());
    const QRect place = pictureRect();
    if (picture_.isNull()) {
        painter.setPen(colors.grid);
        painter.drawRect(place.adjusted(0, 0, -1, -1));
        painter.setPen(colors.mutedText);
        painter.drawText(place.adjusted(6, 6, -6, -6), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
        return;
    }
    // Pixels as they are where they are shown larger; else smoothed, so that no bar is lost.
    painter.setRenderHint(QPainter::SmoothPixmapTransform,
                          picture_.width() > place.width() * devicePixelRatioF() ||
                              picture_.height() > place.height() * devicePixelRatioF());
    painter.drawImage(place, picture_);
    painter.setPen(colors.grid);
    painter.drawRect(place.adjusted(0, 0, -1, -1));
    painter.setPen(colors.text);
    painter.drawText(QRect(place.right() + kGap, place.top(), kFiguresWidth, place.height()),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, figures_.join('\n'));
}

} // namespace zipml::ui
