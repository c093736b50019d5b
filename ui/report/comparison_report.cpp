#include "ui/report/comparison_report.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/kernels/cpu.h"
#include "core/lab/spec_files.h"
#include "ui/report/html_page.h"
#include "ui/runs/class_results.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTextDocument>
#include <QUrl>

#include <functional>

namespace zipml::ui {
namespace {

constexpr PlotLook kComparisonLook{{720, 380}, 3, 10};

QString shown(const std::optional<double>& value) {
    return value ? QString::number(*value, 'g', 5) : QString("–");
}

QString percent(const std::optional<double>& share) {
    return share ? QString::number(*share * 100, 'f', 2) + " %" : QString("–");
}

QString reportText(const char* text, int count = -1) {
    return QCoreApplication::translate("ComparisonReport", text, nullptr, count);
}

const EpochRecord* lastOf(const ReportedRun& run) {
    return run.epochs != nullptr && !run.epochs->empty() ? &run.epochs->back() : run.initial;
}

QStringList resultsOf(const ReportedRun& run) {
    const EpochRecord* last = lastOf(run);
    QStringList cells{run.name, run.state};
    if (last == nullptr || run.setup == nullptr)
        return cells << "–"
                     << "–"
                     << "–"
                     << "–"
                     << "–"
                     << "–"
                     << "–"
                     << "–";
    std::optional<double> above;
    if (run.setup->minimum() && *run.setup->minimum() > 0)
        above = last->minimised() / *run.setup->minimum() - 1;
    return cells << QString::number(run.setup->bitsPerValue, 'g', 3) << QString::number(last->epoch)
                 << shown(last->trainLoss) << shown(last->minimised()) << percent(above)
                 << shown(last->testLoss) << percent(last->testAccuracy)
                 << QString::number(static_cast<double>(last->bytesMoved) / 1e6, 'f', 2);
}

/// @param addPlot puts a figure into the page, as the format can hold it
QString pageOf(const std::vector<ReportedRun>& runs, const std::vector<Figure>& figures,
               const std::function<void(HtmlPage&, const Figure&)>& addPlot) {
    HtmlPage page(reportText("Comparison of %n run(s)", static_cast<int>(runs.size())));
    page.paragraph(reportText("ZipML Lab %1, %2. Processor: %3, loops for %4.")
                       .arg(ZIPML_VERSION, QDateTime::currentDateTime().toString("yyyy-MM-dd hh:mm"),
                            QString::fromStdString(cpuInfo().model), QString::fromStdString(cpuInfo().isa)));
    for (const auto& figure : figures)
        if (!figure.curves.empty())
            addPlot(page, figure);
    page.heading(reportText("Results"));
    QList<QStringList> rows;
    for (const ReportedRun& run : runs)
        rows << resultsOf(run);
    page.table({reportText("Run"), reportText("State"), reportText("Bits a value"), reportText("Epochs"),
                reportText("Training loss"), reportText("Objective"), reportText("Above optimum"),
                reportText("Test loss"), reportText("Test accuracy"), reportText("MB moved")},
               rows);
    page.heading(reportText("Settings"));
    for (const ReportedRun& run : runs) {
        page.paragraph(run.name);
        page.code(QString::fromStdString(toCommandLine(withNamesOnly(*run.spec))));
        if (run.setup == nullptr)
            continue;
        QStringList facts{reportText("%1: %2 training rows, %3 test rows, %4 features")
                              .arg(QString::fromStdString(run.setup->dataName))
                              .arg(run.setup->trainRows)
                              .arg(run.setup->testRows)
                              .arg(run.setup->features),
                          reportText("step %1").arg(run.setup->step, 0, 'g', 4),
                          reportText("kernels: %1").arg(QString::fromStdString(run.setup->kernels))};
        for (const auto& note : run.setup->notes)
            facts << QString::fromStdString(note);
        if (!run.message.isEmpty())
            facts << run.message;
        page.paragraph(facts.join("; "));
        if (run.record != nullptr && !run.record->confusion.empty()) {
            page.paragraph(reportText("%1 rows by class, and as what they were predicted:")
                               .arg(run.setup->testRows > 0 ? reportText("Test") : reportText("Training")));
            page.table(confusionHeader(*run.record), confusionRows(*run.record));
        }
    }
    return page.html();
}

QByteArray htmlReport(const std::vector<ReportedRun>& runs, const std::vector<Figure>& figures) {
    return pageOf(runs, figures,
                  [](HtmlPage& page, const Figure& figure) {
                      page.figure(plotSvg({figure}, kComparisonLook),
                                  figure.axes.title + ". " + figure.axes.caption);
                  })
        .toUtf8();
}

QByteArray pdfReport(const std::vector<ReportedRun>& runs, const std::vector<Figure>& figures) {
    QTextDocument document;
    int plots = 0;
    document.setHtml(pageOf(runs, figures, [&](HtmlPage& page, const Figure& figure) {
        const QUrl name(QString("plot%1.png").arg(plots++));
        QImage image = plotImage({figure}, kComparisonLook);
        image.setDevicePixelRatio(kComparisonLook.pixelsPerPoint);
        document.addResource(QTextDocument::ImageResource, name, image);
        page.image(name.toString(), figure.axes.title + ". " + figure.axes.caption);
    }));
    return printed(document);
}

} // namespace

void writeComparisonReport(const std::vector<ReportedRun>& runs, const std::vector<Figure>& figures,
                           const std::filesystem::path& file) {
    const auto ending = file.extension();
    const auto write = ending == ".html" ? htmlReport : ending == ".pdf" ? pdfReport : nullptr;
    if (write == nullptr)
        throw InputError(file.string() + ": the name of a report must end in .html or .pdf");
    if (runs.empty())
        throw InputError("there is no run to report of; start one first");
    const QByteArray bytes = write(runs, figures);
    writeFileAtomically(file, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace zipml::ui
