#include "ui/widgets/icon.h"

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

namespace zipml::ui {
namespace {

constexpr int kPixels = 64; // scaled down where it is shown

QPixmap tinted(const QByteArray& svg, const QColor& color) {
    QPixmap pixmap(kPixels, kPixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer(svg).render(&painter);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), color);
    return pixmap;
}

constexpr const char* kNameProperty = "iconName";

} // namespace

QIcon makeIcon(const QString& name) {
    QFile file(":/icons/" + name + ".svg");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray svg = file.readAll();
    const QPalette palette = QApplication::palette();
    QIcon icon(tinted(svg, palette.color(QPalette::ButtonText)));
    icon.addPixmap(tinted(svg, palette.color(QPalette::Disabled, QPalette::ButtonText)), QIcon::Disabled);
    return icon;
}

void setIcon(QAction* action, const QString& name) {
    action->setProperty(kNameProperty, name);
    action->setIcon(makeIcon(name));
}

void renewIcons(const QObject& parent) {
    for (auto* action : parent.findChildren<QAction*>())
        if (const auto name = action->property(kNameProperty); name.isValid())
            action->setIcon(makeIcon(name.toString()));
}

} // namespace zipml::ui
