#include "ui/plot/curve.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace zipml::ui {
namespace {

QString quotedForCsv(QString text) {
    return '"' + text.replace('"', "\"\"") + '"';
}

QString numberForCsv(const QVector<double>& values, qsizetype row) {
    return row < values.size() && std::isfinite(values[row]) ? QString::number(values[row], 'g', 17)
                                                             : QString();
}

} // namespace

bool showsZeros(CurveRole role) {
    switch (role) {
    case CurveRole::Main:
    case CurveRole::Secondary:
    case CurveRole::Reference:
    case CurveRole::Points:
        return true;
    default:
        return false;
    }
}

QString curvesToCsv(const std::vector<Curve>& all, const Axes& axes) {
    std::vector<Curve> curves;
    std::ranges::copy_if(all, std::back_inserter(curves),
                         [](const Curve& curve) { return curve.role != CurveRole::Contour; });
    QStringList header;
    qsizetype rows = 0;
    for (const auto& curve : curves) {
        header << quotedForCsv(curve.name + ": " + axes.xLabel)
               << quotedForCsv(curve.name + ": " + curve.quantity);
        if (!curve.labels.isEmpty())
            header << quotedForCsv(curve.name + ": point");
        rows = std::max(rows, curve.x.size());
    }
    QString csv = header.join(',') + '\n';
    for (qsizetype row = 0; row < rows; ++row) {
        QStringList fields;
        for (const auto& curve : curves) {
            fields << numberForCsv(curve.x, row) << numberForCsv(curve.y, row);
            if (!curve.labels.isEmpty())
                fields << quotedForCsv(curve.labels.value(row));
        }
        csv += fields.join(',') + '\n';
    }
    return csv;
}

} // namespace zipml::ui
