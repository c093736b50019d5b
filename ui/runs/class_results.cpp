#include "ui/runs/class_results.h"

#include <QCoreApplication>

#include <numeric>

namespace zipml::ui {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ClassResults", text);
}

QString nameOfClass(const RunRecord& record, std::size_t index) {
    const auto& model = record.model;
    if (index >= std::max(model.classLabels.size(), model.classNames.size()))
        return QString::number(index);
    const nlohmann::json label = model.labelJson(index);
    return label.is_string() ? QString::fromStdString(label.get<std::string>())
                             : QString::number(label.get<double>(), 'g', 9);
}

} // namespace

QString classNamesOf(const RunSetup& setup) {
    constexpr std::size_t kShown = 20;
    QStringList names;
    for (std::size_t i = 0; i < std::min(kShown, setup.classNames.size()); ++i)
        names << QString::fromStdString(setup.classNames[i]);
    if (setup.classNames.size() > kShown)
        names << "…";
    return names.join(", ");
}

QStringList rightByClass(const RunRecord& record) {
    QStringList lines;
    for (std::size_t c = 0; c < record.confusion.size(); ++c) {
        const auto& row = record.confusion[c];
        const auto all = std::accumulate(row.begin(), row.end(), std::uint64_t{0});
        QString line = tr("%1: %2 of %3 right").arg(nameOfClass(record, c)).arg(row[c]).arg(all);
        std::size_t most = c == 0 ? row.size() - 1 : 0;
        for (std::size_t other = 0; other < row.size(); ++other)
            if (other != c && row[other] > row[most])
                most = other;
        if (most != c && row[most] > 0)
            line += tr(", %1 as %2").arg(row[most]).arg(nameOfClass(record, most));
        lines << line;
    }
    return lines;
}

QStringList confusionHeader(const RunRecord& record) {
    QStringList header{tr("Class")};
    for (std::size_t c = 0; c < record.confusion.size(); ++c)
        header << nameOfClass(record, c);
    return header;
}

QList<QStringList> confusionRows(const RunRecord& record) {
    QList<QStringList> rows;
    for (std::size_t c = 0; c < record.confusion.size(); ++c) {
        QStringList cells{nameOfClass(record, c)};
        for (const auto count : record.confusion[c])
            cells << QString::number(count);
        rows << cells;
    }
    return rows;
}

} // namespace zipml::ui
