#include "ui/report/reported_runs.h"

namespace zipml::ui {

std::vector<ReportedRun> reportedRuns(const RunList& runs) {
    const auto pointerTo = [](const auto& value) { return value ? &*value : nullptr; };
    std::vector<ReportedRun> reported;
    for (int row = 0; row < runs.size(); ++row) {
        const RunView& run = runs.at(row);
        reported.push_back({run.name, titleOf(run.state), run.message, &run.spec, pointerTo(run.setup),
                            pointerTo(run.initial), &run.epochs, pointerTo(run.record)});
    }
    return reported;
}

} // namespace zipml::ui
