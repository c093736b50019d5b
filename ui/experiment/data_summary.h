#pragma once
/// A summary says what a report on data found, in the lines that the window shows.

#include "core/data/report.h"
#include "core/loss/loss_kind.h"

#include <QStringList>

namespace zipml::ui {

/// "12,345".
QString counted(std::size_t number);
/// "150 rows × 4 features, classification"
QString sizeOf(const DataReport& report);
/// "csv, comma, header"
QString formOf(const DataReport& report);
/// "label: column 6 (species), the last column"; empty without one.
QString labelOf(const DataReport& report);
/// "3 classes: setosa (50), versicolor (50), virginica (50)"; empty where it is no classification.
QString classesOf(const DataReport& report);
/// Lines for the card under the choice of data: what was decided, what may be wrong.
QString cardOf(const DataReport& report, LossKind loss);
/// "2.5" or "2018-01-31 10:00" of a column, whichever it holds.
QString valueOf(const ColumnReport& column, double value);

} // namespace zipml::ui
