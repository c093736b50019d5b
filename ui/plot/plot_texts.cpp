#include "ui/plot/plot_texts.h"

#include "ui/plot/draw.h"
#include "ui/plot/legend.h"

namespace zipml::ui {
namespace {

constexpr int kSide = 12; // pixels beside title and caption

QCPTextElement& textAt(QCustomPlot& plot, int row) {
    return *static_cast<QCPTextElement*>(plot.plotLayout()->element(row, 0));
}

void styleText(QCustomPlot& plot, int row, const QColor& color, bool bold) {
    auto& element = textAt(plot, row);
    QFont font = plot.font();
    font.setBold(bold);
    element.setFont(font);
    element.setTextColor(color);
    element.setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
    element.setMargins({kSide, row == 0 ? kPlotMargin : 1, kSide, 2});
}

/// @return the lines, each as long as fits, of parts that belong together
QStringList filled(const QStringList& parts, const QString& gap, const QFontMetrics& metrics, int width) {
    QStringList lines;
    for (const QString& part : parts) {
        const QString longer = lines.isEmpty() ? part : lines.back() + gap + part;
        if (lines.isEmpty() || metrics.horizontalAdvance(longer) > width)
            lines << part;
        else
            lines.back() = longer;
    }
    return lines;
}

} // namespace

QString wrapped(const QString& text, const QFontMetrics& metrics, int width) {
    const QString gap(3, ' ');
    QStringList lines;
    for (const QString& line : filled(text.split(gap), gap, metrics, width))
        lines << (metrics.horizontalAdvance(line) <= width ? QStringList(line)
                                                           : filled(line.split(' '), " ", metrics, width));
    return lines.join('\n');
}

void styleTexts(QCustomPlot& plot, const Axes& axes, const PlotColors& colors) {
    if (plot.plotLayout()->rowCount() == 1) {
        plot.plotLayout()->insertRow(0);
        plot.plotLayout()->insertRow(0);
        plot.plotLayout()->addElement(0, 0, new QCPTextElement(&plot));
        plot.plotLayout()->addElement(1, 0, new QCPTextElement(&plot));
        plot.plotLayout()->setRowSpacing(0);
    }
    styleText(plot, 0, colors.text, true);
    styleText(plot, 1, colors.mutedText, false);
    wrapTexts(plot, axes);
}

bool wrapTexts(QCustomPlot& plot, const Axes& axes) {
    constexpr int kLeast = 60;             // pixels: before the plot has a size, nothing is known
    if (plot.plotLayout()->rowCount() < 3) // nothing was drawn yet
        return false;
    bool changed = false;
    const auto fit = [&](const QString& text, const QFont& font, int room) {
        return room < kLeast ? text : wrapped(text, QFontMetrics(font), room);
    };
    // They stand above the axes: a longer line would push a legend beside those out of the plot.
    const int beside =
        isLegendBeside(plot) ? plot.legend->outerRect().width() + plot.plotLayout()->columnSpacing() : 0;
    const int width = plot.viewport().width() - 2 * kSide - beside;
    for (const auto& [row, text] : {std::pair(0, &axes.title), std::pair(1, &axes.caption)}) {
        auto& element = textAt(plot, row);
        const QString lines = fit(*text, element.font(), width);
        changed = changed || lines != element.text();
        element.setText(lines);
    }
    const QRect frame = plot.axisRect()->rect();
    for (const auto& [axis, text, room] : {std::tuple(plot.xAxis, &axes.xLabel, frame.width()),
                                           std::tuple(plot.yAxis, &axes.yLabel, frame.height())}) {
        const QString lines = fit(*text, axis->labelFont(), room);
        changed = changed || lines != axis->label();
        axis->setLabel(lines);
    }
    return changed;
}

} // namespace zipml::ui
