#include "ui/plot/record_plot.h"

#include "ui/plot/run_curves.h"

namespace zipml {

std::vector<ui::Figure> recordFigures(const std::vector<RunRecord>& records) {
    std::vector<ui::RunCurveData> runs;
    runs.reserve(records.size());
    for (const auto& record : records)
        runs.push_back({static_cast<int>(runs.size()), QString::fromStdString(displayName(record.spec)),
                        record.spec.loss, record.setup.optimumLoss, &record.initial, &record.epochs, nullptr,
                        record.status == RunStatus::Diverged});
    return {
        {ui::lossCurves(runs, ui::XAxis::Epoch), ui::lossAxes(runs, ui::XAxis::Epoch), {}, {}},
        {ui::secondCurves(runs, ui::XAxis::Epoch, ui::SecondPlot::Bias),
         ui::secondAxes(ui::XAxis::Epoch, ui::SecondPlot::Bias),
         {},
         {}},
    };
}

void writeRecordPlot(const std::vector<RunRecord>& records, const std::filesystem::path& file) {
    std::vector<RunSpec> specs;
    specs.reserve(records.size());
    for (const auto& record : records)
        specs.push_back(record.spec);
    ui::writePlotFile(recordFigures(records), {{800, 420}}, file, specs);
}

} // namespace zipml
