#pragma once
/// A classification's results are told by class, with the classes' names.

#include "core/lab/run_record.h"

#include <QStringList>

namespace zipml::ui {

/// "setosa, versicolor, virginica"; empty where the labels are numbers.
QString classNamesOf(const RunSetup& setup);
/// "setosa: 9 of 10 right, 1 as virginica", a line a class; none where the record has no confusion matrix.
QStringList rightByClass(const RunRecord& record);
/// The confusion matrix as a table: rows by class, columns by predicted class.
QStringList confusionHeader(const RunRecord& record);
QList<QStringList> confusionRows(const RunRecord& record);

} // namespace zipml::ui
