#include "ui/report/comparison_report.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/kernels/cpu.h"
#include "ui/report/html_page.h"
#include "ui/runs/class_results.h"

#include <QDateTime>
#include <QTextDocument>
#include <QUrl>

#include <functional>

namespace zipml::ui {
namespace {

constexpr PlotLook kLook{{720, 380}, 3, 10};

QString shown(const std::optional<double>& value) {
    return value ? QString::number(*value, 'g', 5) : QString("–");
}

QString percent(const std::optional<double>& share) {
    return share ? QString::number(*share * 100, 'f', 2) + " %" : QString("–");
}

const EpochRecord* lastOf(const RunView& run) {
    if (!run.epochs.empty())
        return &run.epochs.back();
    return run.initial ? &*run.initial : nullptr;
}

QStringList resultsOf(const RunView& run) {
    const EpochRecord* last = lastOf(run);
    QStringList cells{run.name, titleOf(run.state)};
    if (last == nullptr || !run.setup)
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
QString pageOf(const RunList& runs, const std::vector<Figure>& figures,
               const std::function<void(HtmlPage&, const Figure&)>& addPlot) {
    HtmlPage page(RunList::tr("Comparison of %n run(s)", nullptr, runs.size()));
    page.paragraph(RunList::tr("ZipML Lab %1, %2. Processor: %3, loops for %4.")
                       .arg(ZIPML_VERSION, QDateTime::currentDateTime().toString("yyyy-MM-dd hh:mm"),
                            QString::fromStdString(cpuInfo().model), QString::fromStdString(cpuInfo().isa)));
    for (const auto& figure : figures)
        if (!figure.curves.empty())
            addPlot(page, figure);
    page.heading(RunList::tr("Results"));
    QList<QStringList> rows;
    for (int row = 0; row < runs.size(); ++row)
        rows << resultsOf(runs.at(row));
    page.table({RunList::tr("Run"), RunList::tr("State"), RunList::tr("Bits a value"), RunList::tr("Epochs"),
                RunList::tr("Training loss"), RunList::tr("Objective"), RunList::tr("Above optimum"),
                RunList::tr("Test loss"), RunList::tr("Test accuracy"), RunList::tr("MB moved")},
               rows);
    page.heading(RunList::tr("Settings"));
    for (int row = 0; row < runs.size(); ++row) {
        const RunView& run = runs.at(row);
        page.paragraph(run.name);
        page.code(QString::fromStdString(toCommandLine(run.spec)));
        if (!run.setup)
            continue;
        QStringList facts{RunList::tr("%1: %2 training rows, %3 test rows, %4 features")
                              .arg(QString::fromStdString(run.setup->dataName))
                              .arg(run.setup->trainRows)
                              .arg(run.setup->testRows)
                              .arg(run.setup->features),
                          RunList::tr("step %1").arg(run.setup->step, 0, 'g', 4),
                          RunList::tr("kernels: %1").arg(QString::fromStdString(run.setup->kernels))};
        for (const auto& note : run.setup->notes)
            facts << QString::fromStdString(note);
        if (!run.message.isEmpty())
            facts << run.message;
        page.paragraph(facts.join("; "));
        if (run.record && !run.record->confusion.empty()) {
            page.paragraph(RunList::tr("%1 rows by class, and as what they were predicted:")
                               .arg(run.setup->testRows > 0 ? RunList::tr("Test") : RunList::tr("Training")));
            page.table(confusionHeader(*run.record), confusionRows(*run.record));
        }
    }
    return page.html();
}

QByteArray htmlReport(const RunList& runs, const std::vector<Figure>& figures) {
    return pageOf(runs, figures,
                  [](HtmlPage& page, const Figure& figure) {
                      page.figure(plotSvg({figure}, kLook), figure.axes.title + ". " + figure.axes.caption);
                  })
        .toUtf8();
}

QByteArray pdfReport(const RunList& runs, const std::vector<Figure>& figures) {
    QTextDocument document;
    int plots = 0;
    document.setHtml(pageOf(runs, figures, [&](HtmlPage& page, const Figure& figure) {
        const QUrl name(QString("plot%1.png").arg(plots++));
        QImage image = plotImage({figure}, kLook);
        image.setDevicePixelRatio(kLook.pixelsPerPoint);
        document.addResource(QTextDocument::ImageResource, name, image);
        page.image(name.toString(), figure.axes.title + ". " + figure.axes.caption);
    }));
    return printed(document);
}

} // namespace

void writeComparisonReport(const RunList& runs, const std::vector<Figure>& figures,
                           const std::filesystem::path& file) {
    const auto ending = file.extension();
    const auto write = ending == ".html" ? htmlReport : ending == ".pdf" ? pdfReport : nullptr;
    if (write == nullptr)
        throw InputError(file.string() + ": the name of a report must end in .html or .pdf");
    if (runs.size() == 0)
        throw InputError("there is no run to report of; start one first");
    const QByteArray bytes = write(runs, figures);
    writeFileAtomically(file, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace zipml::ui
