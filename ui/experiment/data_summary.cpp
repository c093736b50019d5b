#include "ui/experiment/data_summary.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <cmath>

namespace zipml::ui {
namespace {

QString tr(const char* text, int number = -1) {
    return QCoreApplication::translate("DataSummary", text, nullptr, number);
}

/// "1" of "1.0", as JSON writes whole numbers.
QString withoutZero(QString label) {
    if (label.endsWith(".0"))
        label.chop(2);
    return label;
}

} // namespace

QString counted(std::size_t number) {
    return QLocale::c().toString(static_cast<qulonglong>(number));
}

QString sizeOf(const DataReport& report) {
    QString text = tr("%1 rows × %2 features").arg(counted(report.rows), counted(report.features));
    if (report.task)
        text += ", " + QString::fromUtf8(nameOf(*report.task).data());
    return text;
}

QString formOf(const DataReport& report) {
    QStringList form{QString::fromStdString(report.format)};
    if (!report.delimiter.empty())
        form << QString::fromStdString(report.delimiter);
    if (report.decimal == "comma")
        form << tr("decimal comma");
    if (report.compression != "none" && !report.compression.empty())
        form << QString::fromStdString(report.compression);
    if (report.header)
        form << tr("header");
    return form.join(", ");
}

QString labelOf(const DataReport& report) {
    if (!report.label)
        return {};
    QString text = tr("label: column %1").arg(*report.label + 1);
    if (report.schema.named)
        text += " (" + QString::fromStdString(report.labelColumn.name) + ")";
    if (!report.labelWhy.empty())
        text += ", " + QString::fromStdString(report.labelWhy);
    return text;
}

QString classesOf(const DataReport& report) {
    constexpr std::size_t kShown = 6;
    if (report.task != Task::Classification || report.labelCounts.empty())
        return {};
    QStringList classes;
    for (std::size_t i = 0; i < std::min(kShown, report.labelCounts.size()); ++i)
        classes << QString("%1 (%2)").arg(withoutZero(QString::fromStdString(report.labelCounts[i].first)),
                                          counted(report.labelCounts[i].second));
    if (report.labelCounts.size() > kShown)
        classes << "…";
    return tr("%1 classes: %2").arg(report.labelCounts.size()).arg(classes.join(", "));
}

QString cardOf(const DataReport& report, LossKind loss) {
    constexpr std::size_t kSaid = 4;
    QStringList lines{sizeOf(report), formOf(report)};
    if (report.label)
        lines.back() += "; " + labelOf(report);
    if (!report.whyNot.empty())
        lines << tr("⚠ It cannot be trained on yet: see the Data page");
    else if (const QString classes = classesOf(report); !classes.isEmpty())
        lines << classes;
    else if (!report.labelColumn.histogram.empty())
        lines << tr("label %1 to %2")
                     .arg(valueOf(report.labelColumn, report.labelColumn.minimum),
                          valueOf(report.labelColumn, report.labelColumn.maximum));
    if (report.task == Task::Classification && loss == LossKind::LeastSquares)
        lines << tr("for classes, choose the loss Logistic or Hinge");
    if (report.mayBeClasses())
        lines
            << tr("%1 labels: for classes, choose the loss Logistic or Hinge").arg(report.labelCounts.size());
    if (report.missing > 0)
        lines << (report.missing == 1 ? tr("1 value is missing")
                                      : tr("%1 values are missing").arg(counted(report.missing)));
    QStringList said;
    for (const auto& warning : report.warnings)
        said << "⚠ " + QString::fromStdString(warning);
    for (const auto& note : report.notes)
        said << QString::fromStdString(note);
    const auto shown = static_cast<qsizetype>(kSaid);
    lines << said.mid(0, shown);
    if (said.size() > shown)
        lines << tr("… and %1 more: see the Data page").arg(said.size() - shown);
    return lines.join("\n");
}

QString valueOf(const ColumnReport& column, double value) {
    constexpr double kDay = 86400;
    if (column.kind != ColumnKind::Time)
        return QString::number(value, 'g', 7);
    // Times of day alone are small numbers of seconds (core/data/time_field.h).
    if (column.minimum >= 0 && column.maximum < 2 * kDay)
        return QString("%1:%2")
            .arg(static_cast<int>(value / 3600), 2, 10, QChar('0'))
            .arg(static_cast<int>(value / 60) % 60, 2, 10, QChar('0'));
    const auto moment = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(value), QTimeZone::utc());
    return moment.toString(std::fmod(value, kDay) == 0 ? "yyyy-MM-dd" : "yyyy-MM-dd hh:mm");
}

} // namespace zipml::ui
