#include "ui/widgets/help_boxes.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QMessageBox>
#include <QScreen>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

void show(const QString& title, const QString& text, QWidget& window) {
    auto* box = new QMessageBox(QMessageBox::NoIcon, title, text, QMessageBox::Close, &window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

/// A list that may be longer than the screen: it scrolls.
void showList(const QString& title, const QString& rows, QWidget& window) {
    auto* dialog = new QDialog(&window);
    dialog->setObjectName("shortcuts");
    dialog->setWindowTitle(title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto* text = new QTextBrowser(dialog);
    text->setAccessibleName(title);
    text->setFrameShape(QFrame::NoFrame);
    text->setLineWrapMode(QTextEdit::WidgetWidth);
    text->setHtml(rows);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(text);
    layout->addWidget(buttons);
    // Wide enough for a line each, mostly, within the screen.
    constexpr int kWide = 110, kHigh = 40; // characters, lines
    const QFontMetrics metrics = text->fontMetrics();
    const QSize wanted(kWide * metrics.averageCharWidth(), kHigh * metrics.height());
    dialog->resize(wanted.boundedTo(window.screen()->availableSize() * 0.8));
    dialog->open();
    text->setFocus(); // so that arrows and Page down scroll
}

} // namespace

void showShortcuts(const QList<QAction*>& actions, QWidget& window) {
    QString rows;
    const auto add = [&](const QString& keys, const QString& what) {
        rows +=
            QString("<tr><td style='padding-right:18px; white-space:nowrap'><b>%1</b></td><td>%2</td></tr>")
                .arg(keys, what);
    };
    for (const auto* action : actions)
        if (!action->shortcuts().isEmpty())
            add(QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText).replace("; ", ", "),
                action->statusTip());
    add("Ctrl+O", QObject::tr("Open data or an experiment"));
    add("Ctrl+K", QObject::tr("Find a command by typing"));
    add("Ctrl+0", QObject::tr("Fit the plots"));
    add(QObject::tr("+  −  0  arrows"), QObject::tr("In a plot: zoom in, zoom out, fit, pan"));
    add(QObject::tr("Shift+drag"), QObject::tr("In a plot: zoom to a box"));
    add(QObject::tr("Shift+F10"), QObject::tr("In a plot: menu with exports"));
    add(QObject::tr("Tab  arrows  Ins  Del  Esc"),
        QObject::tr("In the Quantizer's plot: next level, move it (Shift: finer), add, remove, let go"));
    add(QObject::tr("arrows"), QObject::tr("In the plot of Double sampling: move the point (Shift: finer)"));
    add("F2", QObject::tr("In the table: rename the run"));
    add(QObject::tr("Space"), QObject::tr("In the table: show or hide the run"));
    showList(QObject::tr("Keyboard shortcuts"), "<table cellpadding='2'>" + rows + "</table>", window);
}

void showAbout(QWidget& window) {
    show(QObject::tr("About ZipML Lab"),
         QObject::tr("<h3>ZipML Lab %1</h3><p>A laboratory for low-precision "
                     "training.</p><p>The method: Zhang, Li, Kara, "
                     "Alistarh, Liu, Zhang, <i>ZipML: Training Linear Models with End-to-End "
                     "Low Precision, and a Little Bit of "
                     "Deep Learning</i>, ICML 2017.</p>")
             .arg(ZIPML_VERSION),
         window);
}

} // namespace zipml::ui
