#pragma once
/// What stands in the way of training on a file, or should be chosen otherwise, with what mends it.

#include "core/data/report.h"
#include "core/lab/run_spec.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace zipml::ui {

struct Remedy {
    QString text;
    DataSpec data;                ///< as chosen with it
    std::optional<LossKind> loss; ///< chosen with it
    bool operator==(const Remedy&) const = default;
};

struct Finding {
    QString text;
    bool blocking = false; ///< nothing can be trained before it is mended
    std::vector<Remedy> remedies;
    bool operator==(const Finding&) const = default;
};

/// The blocking ones first. None where all is well.
std::vector<Finding> findingsOf(const DataReport& report, const DataSpec& data, LossKind loss);
/// Warnings and notes of a report, a line each, with controls of the window in the place of command line
/// flags.
QStringList warningsIn(const DataReport& report);
QStringList notesIn(const DataReport& report);

} // namespace zipml::ui
