// The window on a screen of 1280 x 800: it stays there, and nothing in it jumps.

#include "tests/support/gui_test.h"
#include "tests/support/past_runs.h"
#include "ui/widgets/page.h"

#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QMenuBar>
#include <QScreen>
#include <QScrollBar>
#include <QStyleOption>
#include <QTextBrowser>
#include <QToolButton>

using namespace zipml;

namespace {

/// All that belongs to a page, with where it is in the window.
QMap<const QWidget*, QRect> placesOf(const ui::MainWindow& window) {
    QMap<const QWidget*, QRect> places;
    for (const auto* widget : window.currentPage().findChildren<QWidget*>())
        if (widget->isVisible())
            places[widget] = QRect(widget->mapTo(&window, QPoint(0, 0)), widget->size());
    return places;
}

} // namespace

class WindowTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        test::useOwnSettings();
        QCOMPARE(QGuiApplication::primaryScreen()->availableSize(), QSize(1280, 800));
    }
    void init() { QSettings().clear(); }

    void theFirstStartFitsOnTheScreenWithItsFrame() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(window.width() <= 1280 - 10 && window.height() <= 800 - 30);
    }

    void pagesAndLessonsDoNotMakeItLarger() {
        ui::MainWindow window;
        window.showMaximized();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const QSize size = window.size();
        auto* lessons = window.findChild<QDockWidget*>("lessons")->toggleViewAction();
        const auto look = [&](const QString& when) {
            QTest::qWait(20);
            QVERIFY2(window.isMaximized(), qPrintable(when));
            QVERIFY2(window.size() == size,
                     qPrintable(QString("%1: %2 x %3").arg(when).arg(window.width()).arg(window.height())));
        };
        for (const auto* page : window.pages()) {
            window.showPage(page->card().name);
            look(page->card().name);
            window.showPage("training");
            look("training after " + page->card().name);
            for (int i = 0; i < 2; ++i) {
                lessons->trigger();
                look("lessons");
            }
        }
    }

    // Also a small one, with large type: a page that has no room scrolls.
    void itCanBeSmall() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (const auto* page : window.pages()) {
            window.showPage(page->card().name);
            window.resize(1024, 700);
            QTest::qWait(20);
            QCOMPARE(window.size(), QSize(1024, 700));
        }
    }

    void presentationAndBack() {
        for (const bool maximized : {false, true}) {
            ui::MainWindow window;
            maximized ? window.showMaximized() : window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            const QSize size = window.size();
            const QFont font = QApplication::font();
            QTest::keyClick(&window, Qt::Key_F11);
            QTRY_VERIFY(window.isFullScreen());
            QVERIFY(QApplication::font().pointSizeF() > font.pointSizeF());
            QTest::qWait(50);
            // One size of type: what plots write is what everything else writes.
            auto& plot = *window.page<ui::TrainingPage>().lossPlot().plot();
            for (const QFont& each :
                 {plot.xAxis->labelFont(), plot.yAxis->tickLabelFont(), plot.legend->font()})
                QCOMPARE(each.pointSizeF(), QApplication::font().pointSizeF());
            QVERIFY(window.width() <= 1280 && window.height() <= 800);
            QTest::keyClick(&window, Qt::Key_F11);
            QTRY_VERIFY(!window.isFullScreen());
            QCOMPARE(window.isMaximized(), maximized);
            QTRY_COMPARE(window.size(), size);
            // Esc, which leaves full screens everywhere, does so here; else it does nothing.
            QTest::keyClick(&window, Qt::Key_F11);
            QTRY_VERIFY(window.isFullScreen());
            QTest::keyClick(&plot, Qt::Key_Escape);
            QTRY_VERIFY(!window.isFullScreen());
            QCOMPARE(QApplication::font(), font);
            QTest::keyClick(&window, Qt::Key_Escape);
            QVERIFY(!window.isFullScreen());
        }
    }

    // On a small screen, too: no menu behind », no column to scroll to, no choice cut.
    void presentationShowsAllOnASmallScreen() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        std::vector<ui::RunView> views;
        for (const auto estimator : {EstimatorKind::Full, EstimatorKind::Naive, EstimatorKind::Double}) {
            RunSpec spec = test::specWith(3);
            spec.estimator = estimator;
            views.push_back(test::pastRun(spec, 0.1234));
        }
        window.experiment().runs().add(std::move(views));
        QTest::keyClick(&window, Qt::Key_F11);
        QTRY_VERIFY(window.isFullScreen());
        QVERIFY(window.width() <= 1280);
        const auto* more = window.menuBar()->findChild<QWidget*>("qt_menubar_ext_button");
        QTRY_VERIFY(more == nullptr || !more->isVisible());
        auto& page = window.page<ui::TrainingPage>();
        QTRY_COMPARE(page.table().horizontalScrollBar()->maximum(), 0);
        for (const char* name : {"xAxis", "lossScale", "secondPlotQuantity"}) {
            const auto* combo = page.findChild<QComboBox*>(name);
            QStyleOptionComboBox option;
            option.initFrom(combo);
            const QRect room = combo->style()->subControlRect(QStyle::CC_ComboBox, &option,
                                                              QStyle::SC_ComboBoxEditField, combo);
            QVERIFY2(room.width() >= combo->fontMetrics().horizontalAdvance(combo->currentText()), name);
        }
        QTest::keyClick(&window, Qt::Key_Escape);
        QTRY_VERIFY(!window.isFullScreen());
    }

    void noticesMoveNothing() {
        ui::MainWindow window;
        window.resize(1200, 740);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTest::qWait(100);
        const auto before = placesOf(window);
        window.messages().showMessage("A notice that is so long that it needs two lines: " +
                                          QString(160, 'x').replace("xxxx", "xxx "),
                                      true);
        QTest::qWait(100);
        QVERIFY(window.messages().isVisible());
        QCOMPARE(placesOf(window), before);
        // It lies on top, whole, within the page, and not on the panel of settings.
        const QRect notice(window.messages().mapTo(&window, QPoint(0, 0)), window.messages().size());
        QVERIFY(window.rect().contains(notice));
        QVERIFY(notice.left() > window.width() / 3);
        QCOMPARE(window.childAt(notice.center())->window(), &window);
        auto* label = window.messages().findChildren<QLabel*>().first();
        QVERIFY(window.messages().isAncestorOf(window.childAt(notice.center())));
        QVERIFY(label->height() >= label->heightForWidth(label->width()));
        QTest::keyClick(&window, Qt::Key_Escape);
        QTRY_VERIFY(!window.messages().isVisible());
        QCOMPARE(placesOf(window), before);
    }

    void theListOfKeysScrolls() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_F1);
        QDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window.findChild<QDialog*>("shortcuts")) != nullptr);
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QVERIFY(dialog->frameGeometry().height() <= 800 && dialog->frameGeometry().width() <= 1280);
        auto* text = dialog->findChild<QTextBrowser*>();
        QVERIFY(text->toPlainText().contains("F11"));
        dialog->resize(dialog->width(), 300); // as on a low screen
        QTRY_VERIFY(text->verticalScrollBar()->maximum() > 0);
        QTest::keyClick(text, Qt::Key_End);
        QTRY_COMPARE(text->verticalScrollBar()->value(), text->verticalScrollBar()->maximum());
        QTest::keyClick(dialog, Qt::Key_Escape);
    }
};

int main(int argc, char** argv) {
    QTemporaryDir folder;
    QFile screens(folder.filePath("screens.json"));
    if (!screens.open(QIODevice::WriteOnly))
        return 1;
    screens.write(R"({"screens": [{"name": "laptop", "x": 0, "y": 0, "width": 1280, "height": 800,
                      "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]})");
    screens.close();
    qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + screens.fileName().toUtf8());
    QApplication application(argc, argv);
    WindowTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "window_test.moc"
