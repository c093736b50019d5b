#include "core/plot/plots.h"

#include "core/base/part.h"

namespace zipml {
namespace {

Part& part() {
    static Part once(
        {"plot", kPlotPart,
         "plots, pictures (.png) and reports need Qt and QCustomPlot, which this build is without; "
         "install Debian's qt6-base-dev, qt6-svg-dev and libqcustomplot-dev and build again "
         "with ZIPML_WINDOW on (./dev build)",
         "libqt6widgets6, libqt6svg6 and libqcustomplot2.1-qt6"});
    return once;
}

const PlotPart& loaded() {
    return *static_cast<const PlotPart*>(part().entry());
}

} // namespace

void checkPlots() {
    loaded();
}

void drawRuns(const std::vector<RunRecord>& records, const std::filesystem::path& file) {
    std::vector<RunRecord> named = records;
    for (auto& record : named) // the part knows no estimator that this program has added to the table
        record.spec.name = displayName(record.spec);
    loaded().drawRuns(named, file);
}

void drawRuns(const std::vector<ComparedRun>& runs, const std::filesystem::path& file) {
    std::vector<RunRecord> named;
    for (const auto& [name, record] : runs) {
        named.push_back(record);
        named.back().spec.name = name;
    }
    loaded().drawRuns(named, file);
}

void writeComparison(const std::vector<ComparedRun>& runs, const std::filesystem::path& file) {
    checkReportFile(file);
    loaded().writeComparison(runs, file);
}

std::string toPng(const Image& image, ValueRange range) {
    return loaded().png(image, range);
}

void writeReproduceReport(const ReproduceResult& result) {
    loaded().writeReport(result);
}

void checkReportFile(const std::filesystem::path& file) {
    if (file.extension() != ".html" && file.extension() != ".pdf")
        throw InputError(file.string() + ": the name of a report must end in .html or .pdf");
}

void writeAdviceReport(const Advice& advice, double tolerance, const Proof* proof,
                       const std::filesystem::path& file) {
    checkReportFile(file);
    loaded().writeAdvice(advice, tolerance, proof, file);
}

} // namespace zipml
