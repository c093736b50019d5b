#pragma once
/// A self-contained HTML page, piece by piece: headings, paragraphs, tables, figures. Prints in black on
/// white.

#include <QByteArray>
#include <QString>
#include <QStringList>

class QTextDocument;

namespace zipml::ui {

class HtmlPage {
  public:
    explicit HtmlPage(QString title);

    /// All texts are escaped.
    void heading(const QString& text);
    void subheading(const QString& text);
    void paragraph(const QString& text);
    void code(const QString& text);
    /// @param numbers whether all columns but the first are numbers, which stand to the right
    void table(const QStringList& header, const QList<QStringList>& rows, bool numbers = true);
    /// @param svg stands in the page as it is @param text what it shows, for those who cannot see it
    void figure(const QByteArray& svg, const QString& text);
    /// @param source of an <img>: a file or a data URL
    void image(const QString& source, const QString& text);

    [[nodiscard]] QString html() const;

  private:
    QString title_, body_;
};

/// As PDF, A4 landscape.
QByteArray printed(const QTextDocument& document);

} // namespace zipml::ui
