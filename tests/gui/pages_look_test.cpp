// On every page, at the sizes that people have and in a presentation: no text is cut, no number elided, and no
// legend lies on a curve.

#include "tests/support/gui_test.h"
#include "ui/plot/live_plot.h"
#include "ui/plot/visible_line.h"
#include "ui/widgets/page.h"

#include <QAbstractButton>
#include <QHeaderView>
#include <QLabel>

#include <memory>

using namespace zipml;

namespace {

QStringList cutTexts(const QWidget& page) {
    QStringList cut;
    for (const auto* label : page.findChildren<QLabel*>())
        if (label->isVisible() && !label->wordWrap() && label->pixmap().isNull() &&
            label->width() < label->sizeHint().width())
            cut << label->text();
    for (const auto* button : page.findChildren<QAbstractButton*>())
        if (button->isVisible() && !button->text().isEmpty() &&
            button->width() < button->minimumSizeHint().width())
            cut << button->text();
    return cut;
}

QStringList elidedNumbers(const QWidget& page) {
    QStringList elided;
    for (const auto* table : page.findChildren<QTableView*>()) {
        const auto* model = table->model();
        if (!table->isVisible() || model == nullptr)
            continue;
        const int last = table->rowAt(table->viewport()->height() - 1);
        for (int column = 0; column < model->columnCount(); ++column) {
            const auto side = model->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
            if (table->isColumnHidden(column) || (side & Qt::AlignRight) == 0)
                continue;
            int needs = table->horizontalHeader()->sectionSizeHint(column);
            for (int row = std::max(0, table->rowAt(0)); row <= (last < 0 ? model->rowCount() - 1 : last);
                 ++row)
                needs = std::max(needs, table->sizeHintForIndex(model->index(row, column)).width());
            if (table->columnWidth(column) < needs)
                elided << QString("column %1 of %2").arg(column).arg(table->objectName());
        }
        if (table->rowHeight(0) > 0 && table->rowHeight(0) < table->fontMetrics().height())
            elided << "rows of " + table->objectName();
    }
    return elided;
}

/// Texts outside of a plot's own room, and curves below its legend.
QStringList faultsOf(const ui::LivePlot& shown) {
    QStringList faults;
    auto& plot = *shown.plot();
    const QRect room = plot.viewport(), frame = plot.axisRect()->rect();
    if (room != plot.rect())
        faults << QString("%1 is drawn in a part of itself").arg(shown.objectName());
    for (int i = 0; i < plot.itemCount(); ++i)
        if (const auto* text = qobject_cast<QCPItemText*>(plot.item(i)); text != nullptr && text->visible())
            if (const int width = QFontMetrics(text->font()).size(0, text->text()).width();
                width > frame.width())
                faults << text->text();
    for (int row : {0, 1}) {
        const auto* text = static_cast<QCPTextElement*>(plot.plotLayout()->element(row, 0));
        if (QFontMetrics(text->font()).size(0, text->text()).width() > room.width())
            faults << text->text();
    }
    for (const auto* axis : {plot.xAxis, plot.yAxis})
        if (QFontMetrics(axis->labelFont()).size(0, axis->label()).width() >
            (axis == plot.xAxis ? frame.width() : frame.height()))
            faults << axis->label();
    if (!plot.legend->visible())
        return faults;
    const QRect legend = plot.legend->outerRect();
    if (!room.contains(legend))
        faults << QString("legend outside of the plot");
    for (int i = 0; i < plot.graphCount(); ++i) {
        const auto& graph = *plot.graph(i);
        if (graph.lineStyle() != QCPGraph::lsLine || graph.pen().style() == Qt::NoPen ||
            !legend.intersects(frame))
            continue;
        QVector<QPointF> line;
        for (const auto& point : *graph.data())
            line << QPointF(plot.xAxis->coordToPixel(point.key), plot.yAxis->coordToPixel(point.value));
        if (!ui::visiblePieces(line, legend).empty())
            faults << "legend on " + graph.name();
    }
    return faults;
}

} // namespace

class PagesLookTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        test::useOwnSettings();
        window_ = std::make_unique<ui::MainWindow>();
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        window_->startWelcome();
        QVERIFY(test::waitUntilIdle(window_->page<ui::TrainingPage>()));
    }
    void cleanupTestCase() { window_.reset(); }

    void nothingIsCutOrCovered_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("type");
        for (const double type : {1.0, 1.5})
            for (const QSize size : {QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080)})
                QTest::addRow("%d x %d, type %.1f", size.width(), size.height(), type) << size << type;
    }
    void nothingIsCutOrCovered() {
        QFETCH(const QSize, size);
        QFETCH(const double, type);
        const QFont before = QApplication::font();
        QFont font = before;
        font.setPointSizeF(type * font.pointSizeF());
        QApplication::setFont(font);
        const auto back = qScopeGuard([&] { QApplication::setFont(before); });
        ui::MainWindow& window = *window_;
        window.resize(size);
        for (const auto* page : window.pages()) {
            window.showPage(page->card().name);
            QStringList faults;
            const auto look = [&] {
                faults = cutTexts(*page) + elidedNumbers(*page);
                for (const auto* plot : page->findChildren<ui::LivePlot*>())
                    if (plot->isVisible())
                        faults += faultsOf(*plot);
                return faults.isEmpty();
            };
            // What arrives from a thread is laid out an event later.
            QVERIFY2(QTest::qWaitFor(look), qPrintable(page->card().name + ": " + faults.join(", ")));
            QCOMPARE(window.size(), size);
        }
    }

  private:
    std::unique_ptr<ui::MainWindow> window_;
};

QTEST_MAIN(PagesLookTest)
#include "pages_look_test.moc"
