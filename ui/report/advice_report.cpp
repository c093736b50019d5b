#include "ui/report/advice_report.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/lab/spec_files.h"
#include "ui/plot/plot_file.h"
#include "ui/report/advice_figure.h"
#include "ui/report/html_page.h"

#include <QCoreApplication>
#include <QDate>
#include <QTextDocument>
#include <QUrl>

#include <functional>

namespace zipml::ui {
namespace {

constexpr PlotLook kAdviceLook{{720, 360}, 3, 10};

QString said(const char* text) {
    return QCoreApplication::translate("Advice", text);
}

QString of(const std::string& text) {
    return QString::fromStdString(text);
}

QString number(double value) {
    return QString::number(value, 'g', 3);
}

QString megabytes(std::uint64_t bytes) {
    return QString::number(static_cast<double>(bytes) / 1e6, 'g', 4) + " MB";
}

QString namesOfColumns(const Advice& advice, const ColumnGroup& group) {
    QStringList names;
    for (const std::size_t f : group.columns)
        names << of(advice.columns[f].name);
    return names.join(", ");
}

/// What has to be built for the setting that is advised.
void addRecommended(HtmlPage& page, const Advice& advice, std::size_t best, double tolerance) {
    const AdvicePoint& point = advice.points[best];
    const double rowBytes = point.forecast.bitsPerValue * static_cast<double>(advice.features) / 8;
    const auto levels = 1U << static_cast<unsigned>(point.setting.bits);
    const bool table = point.setting.grid != GridKind::Uniform;
    page.heading(said("What to build"));
    page.table(
        {said("quantity"), said("value")},
        {{said("estimator"), of(std::string(entryOf(point.setting.estimator).title)) + ": " +
                                 of(std::string(entryOf(point.setting.estimator).summary))},
         {said("levels of a column"),
          said("%1, %2").arg(levels).arg(table ? said("variance-optimal: a table a column")
                                               : said("equally spaced: least value and gap a column"))},
         {said("bits of a level's index"), QString::number(point.setting.bits)},
         {said("bits stored a value"), number(point.forecast.bitsPerValue)},
         {said("bytes of a row, labels aside"), number(rowBytes)},
         {said("all training samples"), megabytes(point.forecast.storeBytes)},
         {said("the same in float32"), megabytes(advice.full.forecast.storeBytes)},
         {said("codebook"), said("%1 floats a column").arg(table ? levels : 2U)},
         {said("forecast loss above full precision's"), of(overText(point.overFull))},
         {said("of it by pull of the rounding and the start, frozen roundings, noise of the steps"),
          said("%1, %2, %3 of the optimum's objective")
              .arg(of(overText(point.forecast.pulled / advice.optimum)),
                   of(overText(point.forecast.frozen / advice.optimum)),
                   of(overText(point.forecast.noise / advice.optimum)))}},
        false);
    page.heading(said("A width for each column"));
    page.paragraph(said("With a width of its own for each column the forecast stays within the tolerance at "
                        "these bits. No run proves it: the lab's stores have one width for all columns."));
    QList<QStringList> rows;
    for (const ColumnGroup& group : columnGroups(advice, best, tolerance))
        rows << QStringList{group.bits == 0 ? said("constant") : of(bitsPhrase(group.bits)),
                            QString::number(group.columns.size()), namesOfColumns(advice, group)};
    page.table({said("width"), said("columns"), said("which")}, rows, false);
}

void addForecasts(HtmlPage& page, const Advice& advice) {
    page.heading(said("Forecasts"));
    QStringList header{said("estimator and levels")};
    for (int bits = advice.plan.leastBits; bits <= advice.plan.mostBits; ++bits)
        header << of(bitsPhrase(bits));
    QList<QStringList> rows;
    for (const Curve& curve : adviceCurves(advice, 1)) {
        if (curve.run == kNoRun)
            continue;
        rows << (QStringList{curve.name} + QStringList(curve.labels.begin(), curve.labels.end()));
    }
    page.table(header, rows);
    page.paragraph(said("Objective above full precision's, after all epochs, on the unquantized data; the "
                        "median over roundings."));
    for (const auto& [why, count] : advice.leftOut)
        page.paragraph(said("Left out: %1 settings: %2").arg(count).arg(of(why)));
}

void addColumns(HtmlPage& page, const Advice& advice) {
    page.heading(said("Columns"));
    page.paragraph(said("Rounding variance as a share of the column's own, with uniform / optimal levels."));
    QStringList header{said("column"), said("skewness")};
    for (int bits = 1; bits <= kMostAdvisedBits; ++bits)
        header << of(bitsPhrase(bits));
    QList<QStringList> rows;
    for (const ColumnRounding& column : advice.columns) {
        QStringList row{of(column.name), column.constant ? said("constant") : number(column.skewness)};
        for (std::size_t i = 0; i < column.uniform.size(); ++i)
            row << QString::number(column.uniform[i], 'g', 2) + " / " +
                       QString::number(column.optimal[i], 'g', 2);
        rows << row;
    }
    page.table(header, rows);
}

void addProof(HtmlPage& page, const Proof& proof) {
    page.heading(said("Proved by runs"));
    QList<QStringList> rows;
    for (const ProofRow& row : proof.rows)
        rows << QStringList{of(nameOf(row.setting)), of(overText(row.forecast / row.optimum)),
                            row.failure.empty() ? of(overText(row.measured / row.optimum)) : of(row.failure),
                            number(row.ratio()), QString::number(row.runs)};
    page.table(
        {said("setting"), said("forecast above the optimum"), said("measured"), said("ratio"), said("runs")},
        rows);
    page.paragraph(said("%1% of the forecasts are within a factor of 2 of what was measured above the "
                        "optimum, %2% of the objectives.")
                       .arg(100 * proof.share(2), 0, 'f', 1)
                       .arg(100 * proof.objectiveShare(2), 0, 'f', 1));
}

QString pageOfAdvice(const Advice& advice, double tolerance, const Proof* proof,
                     const std::function<void(HtmlPage&, const Figure&)>& addPlot) {
    HtmlPage page(said("Bits for %1").arg(of(advice.dataName)));
    page.paragraph(of(sentenceOf(advice, tolerance)));
    page.paragraph(
        said("ZipML Lab %1, %2. %3 rows, %4 features. Forecast without training%5.")
            .arg(ZIPML_VERSION, QDate::currentDate().toString(Qt::ISODate))
            .arg(advice.rows)
            .arg(advice.features)
            .arg(proof == nullptr ? said("; not proved by runs") : said(" and held against runs")));
    if (const std::string note = approximationNote(advice); !note.empty())
        page.paragraph(of(note));
    if (const auto best = bestPoint(advice, tolerance))
        addRecommended(page, advice, *best, tolerance);
    addPlot(page, {adviceCurves(advice, tolerance), adviceAxes(tolerance), {}, {}});
    addForecasts(page, advice);
    if (proof != nullptr)
        addProof(page, *proof);
    addColumns(page, advice);
    page.heading(said("The experiment"));
    page.code(of(toCommandLine(withNamesOnly(advice.plan.base))));
    page.paragraph(said("Forecast for these settings: other epochs, batches or step sizes give other "
                        "forecasts. How they are made stands in the manual's section 24 of the method."));
    return page.html();
}

QByteArray adviceHtml(const Advice& advice, double tolerance, const Proof* proof) {
    return pageOfAdvice(advice, tolerance, proof,
                        [](HtmlPage& page, const Figure& figure) {
                            page.figure(plotSvg({figure}, kAdviceLook), figure.axes.title);
                        })
        .toUtf8();
}

QByteArray advicePdf(const Advice& advice, double tolerance, const Proof* proof) {
    QTextDocument document;
    document.setHtml(pageOfAdvice(advice, tolerance, proof, [&](HtmlPage& page, const Figure& figure) {
        QImage image = plotImage({figure}, kAdviceLook);
        image.setDevicePixelRatio(kAdviceLook.pixelsPerPoint);
        document.addResource(QTextDocument::ImageResource, QUrl("plot.png"), image);
        page.image("plot.png", figure.axes.title);
    }));
    return printed(document);
}

} // namespace

void writeAdviceReport(const Advice& advice, double tolerance, const Proof* proof,
                       const std::filesystem::path& file) {
    const auto ending = file.extension();
    const auto write = ending == ".html" ? adviceHtml : ending == ".pdf" ? advicePdf : nullptr;
    if (write == nullptr)
        throw InputError(file.string() + ": the name of a report must end in .html or .pdf");
    const QByteArray bytes = write(advice, tolerance, proof);
    writeFileAtomically(file, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace zipml::ui
