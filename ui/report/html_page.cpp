#include "ui/report/html_page.h"

#include <QBuffer>
#include <QPdfWriter>
#include <QTextDocument>

#include <utility>

namespace zipml::ui {
namespace {

constexpr const char* kStyle = R"(
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em; color: #222; background: #fff; }
h1 { font-size: 1.7em; } h2 { font-size: 1.25em; margin-top: 2em; }
table { border-collapse: collapse; margin: 1em 0; font-size: 0.93em; }
th, td { padding: 0.25em 0.8em; border-bottom: 1px solid #ccc; text-align: left; vertical-align: top; }
th { border-bottom: 2px solid #666; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: #f4f4f4; padding: 0.6em 0.8em; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.87em; }
figure { margin: 1.2em 0; page-break-inside: avoid; } figure svg, figure img { max-width: 100%; height: auto; }
figcaption { color: #555; font-size: 0.9em; }
)";

} // namespace

HtmlPage::HtmlPage(QString title) : title_(std::move(title)) {}

void HtmlPage::heading(const QString& text) {
    body_ += "<h2>" + text.toHtmlEscaped() + "</h2>\n";
}

void HtmlPage::subheading(const QString& text) {
    body_ += "<h3>" + text.toHtmlEscaped() + "</h3>\n";
}

void HtmlPage::paragraph(const QString& text) {
    body_ += "<p>" + text.toHtmlEscaped() + "</p>\n";
}

void HtmlPage::code(const QString& text) {
    body_ += "<pre>" + text.toHtmlEscaped() + "</pre>\n";
}

void HtmlPage::table(const QStringList& header, const QList<QStringList>& rows, bool numbers) {
    const auto row = [&](const QStringList& cells, const QString& tag) {
        body_ += "<tr>";
        for (qsizetype i = 0; i < cells.size(); ++i)
            body_ += QString("<%1%2>%3</%1>")
                         .arg(tag, numbers && i > 0 ? QString(R"( class="n" align="right")") : QString(),
                              cells[i].toHtmlEscaped());
        body_ += "</tr>\n";
    };
    body_ += "<table>\n";
    row(header, "th");
    for (const auto& cells : rows)
        row(cells, "td");
    body_ += "</table>\n";
}

void HtmlPage::figure(const QByteArray& svg, const QString& text) {
    // Without the XML declaration and the document type, which have no place inside of a page.
    const auto begin = svg.indexOf("<svg");
    body_ += QString("<figure role='img' aria-label=\"%1\">\n").arg(text.toHtmlEscaped()) +
             QString::fromUtf8(svg.mid(std::max<qsizetype>(0, begin))) + "<figcaption>" +
             text.toHtmlEscaped() + "</figcaption></figure>\n";
}

void HtmlPage::image(const QString& source, const QString& text) {
    body_ += QString("<figure><img src=\"%1\" alt=\"%2\"><figcaption>%2</figcaption></figure>\n")
                 .arg(source.toHtmlEscaped(), text.toHtmlEscaped());
}

QString HtmlPage::html() const {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
           title_.toHtmlEscaped() + "</title><style>" + kStyle + "</style></head>\n<body>\n<h1>" +
           title_.toHtmlEscaped() + "</h1>\n" + body_ + "</body></html>\n";
}

QByteArray printed(const QTextDocument& document) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageOrientation(QPageLayout::Landscape);
    writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout::Millimeter);
    writer.setTitle("ZipML Lab");
    document.print(&writer);
    return buffer.data();
}

} // namespace zipml::ui
