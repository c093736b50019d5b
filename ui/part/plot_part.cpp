// The library that draws for programs without a window (core/plot/plots.h).

#include "core/base/error.h"
#include "core/base/on_threads.h"
#include "core/plot/plots.h"
#include "ui/plot/record_plot.h"
#include "ui/report/advice_report.h"
#include "ui/report/comparison_report.h"
#include "ui/report/reproduce_report.h"
#include "ui/tomography/grey_image.h"

#include <QApplication>
#include <QSemaphore>
#include <QThreadPool>

#include <cstdlib>

namespace zipml {
namespace {

/// Qt fills large areas by threads of a pool, and waits for ever for one that the system refuses. So the pool
/// gets its only one now and keeps it, or nothing is drawn.
void requirePoolThread() {
    if (threadsToBeHad(2) < 2)
        throw RunError("plots cannot be drawn: the system refuses a thread (a limit on memory or processes)");
    QThreadPool& pool = *QThreadPool::globalInstance();
    constexpr int kNever = -1;
    pool.setMaxThreadCount(1);
    pool.setExpiryTimeout(kNever);
    QSemaphore runs;
    pool.start([&] { runs.release(); });
    runs.acquire();
}

/// Calls `draw` while a Qt application without a display is alive; what drawing plots needs.
template <class Draw>
void withoutDisplay(const Draw& draw) {
    ::setenv("QT_QPA_PLATFORM", "offscreen", 1); // a plot file needs no display
    qInstallMessageHandler(
        [](QtMsgType, const QMessageLogContext&, const QString&) {}); // nor a desktop session
    int argc = 1;
    char name[] = "zipml";
    char* argv[] = {name, nullptr};
    const QApplication application(argc, argv);
    requirePoolThread();
    draw();
}

void drawRunRecords(const std::vector<RunRecord>& records, const std::filesystem::path& file) {
    withoutDisplay([&] { writeRecordPlot(records, file); });
}

std::string pngOf(const Image& image, ValueRange range) {
    return ui::toPng(ui::greyImage(image, range)).toStdString(); // pictures alone need no application
}

void writeReport(const ReproduceResult& result) {
    withoutDisplay([&] { ui::writeReproduceReport(result); });
}

void writeAdvice(const Advice& advice, double tolerance, const Proof* proof,
                 const std::filesystem::path& file) {
    withoutDisplay([&] { ui::writeAdviceReport(advice, tolerance, proof, file); });
}

void drawComparison(const std::vector<ComparedRun>& runs, const std::filesystem::path& file) {
    withoutDisplay([&] {
        std::vector<RunRecord> named;
        std::vector<ui::ReportedRun> reported;
        for (const auto& [name, record] : runs) {
            named.push_back(record);
            named.back().spec.name = name;
            reported.push_back(
                {QString::fromStdString(name),
                 QString::fromUtf8(entryOf(record.status).title.data(),
                                   static_cast<qsizetype>(entryOf(record.status).title.size())),
                 QString::fromStdString(record.message), &record.spec, &record.setup, &record.initial,
                 &record.epochs, &record});
        }
        ui::writeComparisonReport(reported, recordFigures(named), file);
    });
}

} // namespace
} // namespace zipml

extern "C" {
// All of a part is hidden but this, which is looked up.
__attribute__((visibility("default"))) extern const zipml::PlotPart zipmlPlotPart;
const zipml::PlotPart zipmlPlotPart{zipml::drawRunRecords, zipml::pngOf, zipml::writeReport,
                                    zipml::writeAdvice, zipml::drawComparison};
}
