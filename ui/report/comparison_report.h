#pragma once
/// The whole comparison as one file to pass on: plots, results, settings, versions.

#include "core/lab/run_record.h"
#include "ui/plot/plot_file.h"

namespace zipml::ui {

/// A run as a report tells of it. What it points at must stay.
struct ReportedRun {
    QString name;
    QString state;   ///< "Done", "Diverged"
    QString message; ///< why it failed or diverged, and what to do
    const RunSpec* spec = nullptr;
    const RunSetup* setup = nullptr;                  ///< null: nothing was prepared
    const EpochRecord* initial = nullptr;             ///< with setup
    const std::vector<EpochRecord>* epochs = nullptr; ///< may be empty
    const RunRecord* record = nullptr;                ///< once it ended
};

/// @param figures the plots as they are looked at @param file .html (self-contained) or .pdf
/// @throws InputError for another ending or when there is no run; RunError when it cannot be written
void writeComparisonReport(const std::vector<ReportedRun>& runs, const std::vector<Figure>& figures,
                           const std::filesystem::path& file);

} // namespace zipml::ui
