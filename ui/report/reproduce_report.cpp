#include "ui/report/reproduce_report.h"

#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/outputs.h"
#include "core/reproduce/words.h"
#include "ui/plot/plot_file.h"
#include "ui/report/html_page.h"

namespace zipml::ui {
namespace {

constexpr PlotLook kLook{{720, 380}, 2, 10};

QString text(const std::string& words) {
    return QString::fromStdString(words);
}

QString verdictText(const std::optional<bool>& holds) {
    return !holds ? "not decided" : *holds ? "holds" : "does not hold";
}

Figure figureOf(const Chart& chart) {
    Figure figure;
    figure.axes.title = text(chart.title);
    figure.axes.caption = text(chart.caption);
    figure.axes.xLabel = text(chart.xLabel);
    figure.axes.yLabel = text(chart.yLabel);
    figure.axes.logarithmic = chart.logarithmic;
    for (const auto& line : chart.lines) {
        Curve curve;
        curve.run = static_cast<int>(figure.curves.size());
        curve.name = text(line.name);
        curve.quantity = text(chart.yLabel);
        curve.x = QVector<double>(line.x.begin(), line.x.end());
        curve.y = QVector<double>(line.y.begin(), line.y.end());
        figure.curves.push_back(std::move(curve));
    }
    return figure;
}

} // namespace

/// Where the same text becomes HTML and Markdown.
class ReproduceReport::Pages {
  public:
    Pages(const QString& title, std::filesystem::path folder)
        : folder_(std::move(folder)), html_(title), markdown_("# " + title + "\n\n") {
        makeFigureFolder();
    }

    void machine(const ReproduceResult& result);
    void claims(const ReproduceResult& result);
    void skipped(const ReproduceResult& result);
    /// All but the figures.
    void experiment(const ExperimentReport& report);

    void heading(const QString& words) {
        html_.heading(words);
        markdown_ += "## " + words + "\n\n";
    }
    void subheading(const QString& words) {
        html_.subheading(words);
        markdown_ += "### " + words + "\n\n";
    }
    void paragraph(const QString& words) {
        html_.paragraph(words);
        markdown_ += words + "\n\n";
    }
    void table(const QStringList& header, const QList<QStringList>& rows, bool numbers) {
        html_.table(header, rows, numbers);
        const auto line = [&](const QStringList& cells) {
            QStringList escaped = cells;
            for (QString& cell : escaped)
                cell.replace("|", "\\|");
            markdown_ += "| " + escaped.join(" | ") + " |\n";
        };
        line(header);
        markdown_ += "| --- " + QString(numbers ? "| ---: " : "| --- ").repeated(header.size() - 1) + "|\n";
        for (const auto& row : rows)
            line(row);
        markdown_ += "\n";
    }
    void figure(const Chart& chart, const QString& name) {
        const QByteArray svg = plotSvg({figureOf(chart)}, kLook);
        const QString words = text(chart.title) + ". " + text(chart.caption);
        html_.figure(svg, words);
        if (drawsApart_)
            write("figures/" + name + ".svg", svg);
        markdown_ += "![" + words + "](figures/" + name + ".svg)\n\n";
    }
    /// @param all of what the report tells @throws RunError with what could not be written; the rest is
    void finish(const nlohmann::json& all) {
        write("report.html", html_.html().toUtf8());
        write("report.md", markdown_.toUtf8());
        write("claims.json", QByteArray::fromStdString(jsonText(all, 1) + "\n"));
        outputs_.requireSuccess();
    }

  private:
    void makeFigureFolder() {
        const auto folder = folder_ / "figures";
        std::error_code failed;
        std::filesystem::create_directories(folder, failed);
        drawsApart_ = !failed;
        if (failed)
            outputs_.failed(folder.string() + ": cannot be made: " + failed.message());
    }
    void write(const QString& name, const QByteArray& bytes) {
        const auto file = folder_ / name.toStdString();
        outputs_.write(file, [&] {
            writeFileAtomically(file, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
        });
    }

    std::filesystem::path folder_;
    Outputs outputs_;
    bool drawsApart_ = false; ///< figures, which the page has in itself, are files, too
    HtmlPage html_;
    QString markdown_;
};

void ReproduceReport::Pages::machine(const ReproduceResult& result) {
    const MachineInfo& machine = result.machine;
    paragraph(QString("%1 on %2. Processor: %3, %4 cores, loops for %5, %6 GB of memory. %7, compiled "
                      "with %8. Load average at "
                      "the start: %9.")
                  .arg(text(machine.program), text(machine.date), text(machine.processor))
                  .arg(machine.cores)
                  .arg(text(machine.kernels))
                  .arg(machine.memoryGigabytes, 0, 'f', 1)
                  .arg(text(machine.system), text(machine.compiler))
                  .arg(machine.load, 0, 'f', 2));
    QStringList trust;
    for (const TrustWord& each : kTrustWords)
        trust << text(std::string(each.word)) + ": " + text(std::string(each.meaning));
    paragraph(
        QString("%1 settings, first seed %2, this call took %3 s. Losses are evaluated on the "
                "unquantized data. How far a published statement is to be trusted stands behind it (%4).")
            .arg(result.options.quick ? "Quick" : "Full")
            .arg(result.options.seed)
            .arg(result.seconds, 0, 'f', 0)
            .arg(trust.join("; ")));
    if (result.stopped)
        paragraph("Stopped before all experiments ran; the same command goes on from there.");
}

void ReproduceReport::Pages::claims(const ReproduceResult& result) {
    heading("Claims");
    QList<QStringList> rows;
    for (const auto& report : result.experiments)
        for (const auto& claim : report.outcome.claims)
            rows << QStringList{text(claim.name), text(claim.paper), text(claim.measured),
                                verdictText(claim.holds), text(claim.note)};
    table({"Claim", "Published", "Measured", "Verdict", "Note"}, rows, false);
}

void ReproduceReport::Pages::skipped(const ReproduceResult& result) {
    QList<QStringList> rows;
    for (const auto& report : result.experiments) {
        for (const auto& what : report.outcome.skipped)
            rows << QStringList{text(report.name), text(what)};
        if (!report.failure.empty())
            rows << QStringList{text(report.name), "failed: " + text(report.failure)};
        else if (!report.outcome.complete)
            rows << QStringList{text(report.name), "stopped before its end"};
    }
    if (rows.isEmpty())
        return;
    heading("Not run");
    table({"Experiment", "What and why"}, rows, false);
}

void ReproduceReport::Pages::experiment(const ExperimentReport& report) {
    heading(text(report.title));
    paragraph("Published: " + text(report.published));
    paragraph("Here: " + text(report.method));
    for (const auto& note : report.outcome.notes)
        paragraph(text(note));
    for (const auto& each : report.outcome.tables) {
        subheading(text(each.title));
        QStringList header;
        for (const auto& cell : each.header)
            header << text(cell);
        QList<QStringList> rows;
        for (const auto& row : each.rows) {
            rows << QStringList();
            for (const auto& cell : row)
                rows.back() << text(cell);
        }
        table(header, rows, true);
    }
}

ReproduceReport::ReproduceReport(ReproduceResult result) : result_(std::move(result)) {
    pages_ = std::make_unique<Pages>("ZipML, reproduced", result_.options.out);
    pages_->machine(result_);
    pages_->claims(result_);
    pages_->skipped(result_);
}

ReproduceReport::~ReproduceReport() = default;

bool ReproduceReport::step() {
    while (experiment_ < result_.experiments.size()) {
        const ExperimentReport& report = result_.experiments[experiment_];
        const auto& charts = report.outcome.charts;
        if (chart_ == 0)
            pages_->experiment(report);
        if (chart_ < charts.size()) {
            pages_->figure(charts[chart_], text(report.name) + "-" + QString::number(chart_ + 1));
            ++chart_;
        }
        const bool drawn = !charts.empty();
        if (chart_ == charts.size()) {
            ++experiment_;
            chart_ = 0;
        }
        if (drawn)
            return true;
    }
    pages_->finish(toJson(result_));
    return false;
}

void writeReproduceReport(const ReproduceResult& result) {
    ReproduceReport report(result);
    while (report.step()) {
    }
}

} // namespace zipml::ui
