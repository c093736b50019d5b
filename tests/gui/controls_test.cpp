// The page driven as a person would: keyboard, files, exports.

#include "tests/support/gui_test.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/page.h"

#include <QAbstractItemDelegate>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QXmlStreamReader>

#include <cmath>
#include <fstream>

using namespace zipml;

namespace {

RunSpec smallSpec(int epochs) {
    RunSpec spec;
    spec.data.source = "synthetic:10x400";
    spec.sgd.epochs = epochs;
    return spec;
}

} // namespace

class ControlsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    // Both runs of the comparison store equally many bits and move equally many bytes, but for the
    // correction.
    void comparesAtEqualBytes() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        page.experiment().setSpec(smallSpec(3));
        page.compareAction()->trigger();
        auto& runs = page.runs();
        QCOMPARE(runs.size(), 2);
        QVERIFY(test::waitUntilIdle(page));
        QCOMPARE(runs.at(0).spec.estimator, EstimatorKind::Double);
        QCOMPARE(runs.at(1).spec.estimator, EstimatorKind::Corrected);
        QCOMPARE(runs.at(0).setup->storeBytes, runs.at(1).setup->storeBytes);
        const auto correction = runs.at(1).setup->codebookBytes - runs.at(0).setup->codebookBytes;
        QCOMPARE(correction, std::uint64_t{4} * runs.at(0).setup->features);
        QCOMPARE(runs.at(0).epochs.back().bytesMoved + correction, runs.at(1).epochs.back().bytesMoved);
    }

    void keysStartPauseStepStopAndReset() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto& page = window.page<ui::TrainingPage>();
        auto& runs = page.runs();
        page.experiment().setSpec(smallSpec(1'000'000));
        QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(runs.size(), 1);
        QVERIFY(QTest::qWaitFor([&] { return runs.at(0).epochs.size() > 2; }, 20'000));
        QTest::keyClick(&window, Qt::Key_F6);
        QCOMPARE(runs.at(0).state, ui::RunState::Paused);
        QTest::qWait(static_cast<int>(150 * test::timeScale()));
        const auto paused = runs.at(0).epochs.size();
        QTest::qWait(100);
        QCOMPARE(runs.at(0).epochs.size(), paused);
        // The first step ends the epoch that the pause interrupted, each further one is a whole epoch.
        for (std::size_t step = 1; step <= 3; ++step) {
            QTest::keyClick(&window, Qt::Key_F7);
            QVERIFY(QTest::qWaitFor([&] { return runs.at(0).epochs.size() == paused + step; }, 10'000));
            QVERIFY(QTest::qWaitFor([&] { return runs.at(0).state == ui::RunState::Paused; }, 10'000));
        }
        QTest::qWait(50);
        QCOMPARE(runs.at(0).epochs.size(), paused + 3);
        QTest::keyClick(&window, Qt::Key_F6);
        QVERIFY(QTest::qWaitFor([&] { return runs.at(0).epochs.size() > paused + 5; }, 10'000));
        QTest::keyClick(&window, Qt::Key_F8);
        QVERIFY(QTest::qWaitFor([&] { return runs.at(0).state == ui::RunState::Stopped; }, 10'000));
        QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(runs.size(), 0);
        QVERIFY(page.lossPlot().curves().empty());
    }

    void moreRunsThanPlacesAreQueued() {
        ui::MainWindow window;
        auto& runs = window.page<ui::TrainingPage>().runs();
        window.experiment().startAll(std::vector<RunSpec>(ui::RunList::kAtOnce + 2, smallSpec(30)));
        QCOMPARE(runs.at(ui::RunList::kAtOnce).state, ui::RunState::Queued);
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        for (int row = 0; row < runs.size(); ++row)
            QCOMPARE(runs.at(row).state, ui::RunState::Finished);
    }

    void aDivergedRunSaysWhatToChange() {
        ui::MainWindow window;
        auto spec = smallSpec(5);
        spec.sgd.step = 1000;
        window.experiment().startAll({spec});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QCOMPARE(window.page<ui::TrainingPage>().runs().at(0).state, ui::RunState::Diverged);
        QVERIFY2(window.messages().text().contains("smaller step"), qPrintable(window.messages().text()));
    }

    // Bad files: one line in the message bar, nothing modal, settings and runs as they were.
    void badFilesLeaveEverythingAsItWas_data() {
        QTest::addColumn<QByteArray>("contents");
        QTest::addColumn<QString>("expected");
        QTest::newRow("empty") << QByteArray() << "empty";
        QTest::newRow("junk") << QByteArray("\x00\x01\x02\x03", 4) << "not a text file";
    }
    void badFilesLeaveEverythingAsItWas() {
        QFETCH(QByteArray, contents);
        QFETCH(QString, expected);
        const QTemporaryDir folder;
        const QString file = folder.filePath("bad.csv");
        {
            QFile out(file);
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(contents);
        }
        ui::MainWindow window;
        window.show();
        const RunSpec before = window.experiment().spec();
        window.open(file);
        QVERIFY(QTest::qWaitFor([&] { return !window.messages().text().isEmpty(); }, 10'000));
        QVERIFY2(window.messages().text().contains(expected), qPrintable(window.messages().text()));
        QVERIFY(window.messages().text().contains("bad.csv"));
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        QVERIFY(window.experiment().spec() == before);
    }

    // What can be read but not trained on yet: selected, and the page of data says in one line what is in the
    // way; nothing modal, and no word of starting.
    void whatIsInTheWayIsSaid_data() {
        QTest::addColumn<QByteArray>("contents");
        QTest::addColumn<QString>("expected");
        QTest::newRow("ragged") << QByteArray("1,2,3\n4,5,6\n7,8\n") << ":3: ";
        QTest::newRow("text") << QByteArray("1,2,3\n4,x,6\n7,8,9\n") << "“x”";
        QTest::newRow("infinity") << QByteArray("1,2,3\n4,inf,6\n") << "'inf' is not a finite number";
        QTest::newRow("one label") << QByteArray("1,2,3\n4,5,3\n") << "all labels are equal";
    }
    void whatIsInTheWayIsSaid() {
        QFETCH(QByteArray, contents);
        QFETCH(QString, expected);
        const QTemporaryDir folder;
        const QString file = folder.filePath("bad.csv");
        {
            QFile out(file);
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(contents);
        }
        ui::MainWindow window;
        window.show();
        window.open(file);
        QVERIFY(QTest::qWaitFor([&] { return window.currentPage().card().name == "data"; }, 10'000));
        const auto* why = window.currentPage().findChild<QLabel*>("blockingFinding");
        QVERIFY(why != nullptr && why->isVisible());
        QVERIFY2(why->text().contains(expected) && !why->text().contains('\n'), qPrintable(why->text()));
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        QCOMPARE(window.experiment().spec().data.source, file.toStdString());
        QVERIFY(!window.messages().text().contains("Start"));
    }

    void missingFilesAndFoldersToo() {
        const QTemporaryDir folder;
        ui::MainWindow window;
        const RunSpec before = window.experiment().spec();
        for (const auto& [file, expected] : {std::pair{folder.filePath("no.csv"), "no such file"},
                                             std::pair{folder.path(), "folder without files"},
                                             std::pair{folder.filePath("no.json"), "no such file"}}) {
            window.messages().hide();
            window.open(file);
            QVERIFY(QTest::qWaitFor([&] { return window.messages().text().contains(expected); }, 10'000));
            QVERIFY(window.experiment().spec() == before);
        }
    }

    void aDroppedFileIsSelectedAndTrains() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("good.csv");
        {
            std::ofstream out(file.toStdString());
            out << "a,b,target\n";
            for (int i = 0; i < 200; ++i)
                out << i % 7 << ',' << i % 11 << ',' << 2 * (i % 7) - (i % 11) << '\n';
        }
        ui::MainWindow window;
        window.show();
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(file)});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &drop);
        auto& panel = window.page<ui::TrainingPage>().panel();
        QVERIFY(QTest::qWaitFor([&] { return window.experiment().spec().data.source == file.toStdString(); },
                                10'000));
        const auto* card = panel.findChild<QLabel*>("dataCard");
        QVERIFY(card->text().contains("200 rows × 2 features"));
        QVERIFY2(card->text().contains("for classes"),
                 qPrintable(card->text())); // 23 whole numbers: a line that wraps
        QTRY_VERIFY(card->height() >= card->heightForWidth(card->width()));
        test::actionNamed(window.page<ui::TrainingPage>(), "Start")->trigger();
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QCOMPARE(window.page<ui::TrainingPage>().runs().at(0).state, ui::RunState::Finished);
    }

    void exportsAreWellFormed() {
        const QTemporaryDir folder;
        ui::MainWindow window;
        window.show();
        window.experiment().startAll({smallSpec(6)});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        const auto& plot = window.page<ui::TrainingPage>().lossPlot();
        const auto bytesOf = [&](const QString& name) {
            plot.exportTo(folder.filePath(name));
            QFile in(folder.filePath(name));
            return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
        };
        const QImage image = QImage::fromData(bytesOf("loss.png"), "PNG");
        QCOMPARE(image.size(), QSize(1600, 960));
        const auto svg = bytesOf("loss.svg");
        QXmlStreamReader xml(svg);
        int lines = 0;
        while (!xml.atEnd())
            lines +=
                xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QLatin1String("polyline")
                    ? 1
                    : 0;
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(lines > 3);
        QVERIFY(bytesOf("loss.pdf").startsWith("%PDF-"));
        const auto rows = QString::fromUtf8(bytesOf("loss.csv")).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(rows.size(), 1 + 7);
        QCOMPARE(rows[7].split(',')[1].toDouble(),
                 window.page<ui::TrainingPage>().runs().at(0).epochs.back().trainLoss);
        QVERIFY_EXCEPTION_THROWN(plot.exportTo(folder.filePath("loss.gif")), InputError);
        QVERIFY_EXCEPTION_THROWN(plot.exportTo("/no/such/folder/loss.png"), RunError);
    }

    void zoomAndFitByKeyboardAndMouse() {
        ui::MainWindow window;
        window.show();
        window.experiment().startAll({smallSpec(6)});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        auto& plot = window.page<ui::TrainingPage>().lossPlot();
        const auto fitted = plot.plot()->xAxis->range();
        QTest::keyClick(&plot, Qt::Key_Plus);
        QVERIFY(plot.plot()->xAxis->range().size() < fitted.size());
        QTest::keyClick(&plot, Qt::Key_0);
        QCOMPARE(plot.plot()->xAxis->range(), fitted);
        QTest::keyClick(&plot, Qt::Key_Minus);
        QVERIFY(plot.plot()->xAxis->range().size() > fitted.size());
        QTest::mouseDClick(plot.plot(), Qt::LeftButton, {}, plot.plot()->axisRect()->center());
        QCOMPARE(plot.plot()->xAxis->range(), fitted);
        auto* log = plot.findChild<QCheckBox*>("lossLogarithmic");
        log->click();
        QCOMPARE(plot.plot()->yAxis->scaleType(), QCPAxis::stLinear);
    }

    void hoverReadsOutTheNearestPoint() {
        ui::MainWindow window;
        window.show();
        window.experiment().startAll({smallSpec(6)});
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QTest::qWait(50);
        auto& plot = *window.page<ui::TrainingPage>().lossPlot().plot();
        const auto& epoch = window.page<ui::TrainingPage>().runs().at(0).epochs[2];
        const QPoint at(static_cast<int>(plot.xAxis->coordToPixel(3)),
                        static_cast<int>(plot.yAxis->coordToPixel(epoch.trainLoss)));
        QMouseEvent move(QEvent::MouseMove, at, plot.mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                         Qt::NoModifier);
        QApplication::sendEvent(&plot, &move);
        QString text;
        for (int i = 0; i < plot.itemCount(); ++i)
            if (auto* item = qobject_cast<QCPItemText*>(plot.item(i)); item != nullptr && item->visible())
                text += item->text();
        QVERIFY2(text.contains("epoch 3"), qPrintable(text));
        QVERIFY(text.contains("Double sampling, 3 bits"));
    }

    void keysShowThePages() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QVERIFY(window.pages().front()->isVisible());
        QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
        int number = 0;
        for (qsizetype i = 0; i < window.pages().size(); ++i) {
            const QKeySequence own(window.pages()[i]->card().keys);
            QTest::keyClick(&window,
                            own.isEmpty() ? static_cast<Qt::Key>(Qt::Key_1 + number++) : own[0].key(),
                            Qt::ControlModifier);
            for (const auto* page : window.pages()) {
                const bool shown = page == window.pages()[i];
                QCOMPARE(page->isVisible(), shown);
                QCOMPARE(window.findChild<QWidget*>(page->card().name + "Bar")->isVisible(), shown);
            }
        }
    }

    // Typing finds a command of any menu; Enter runs it, Esc leaves all as it was.
    void commandsAreFoundByTyping() {
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto* palette = window.findChild<ui::CommandPalette*>();
        QVERIFY(palette != nullptr);
        auto* words = palette->findChild<QLineEdit*>();
        QTest::keyClicks(words, "contrast high");
        QTest::keyClick(words, Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([] { return QApplication::palette().color(QPalette::Window) == Qt::black; }));
        ui::applyTheme(ui::Theme::Light);
        QTRY_VERIFY(window.findChild<ui::CommandPalette*>() == nullptr);
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        QVERIFY(window.findChild<ui::CommandPalette*>() != nullptr);
        words = window.findChild<ui::CommandPalette*>()->findChild<QLineEdit*>();
        QTest::keyClicks(words, "no such command");
        QTest::keyClick(words, Qt::Key_Return);
        QTest::keyClick(words, Qt::Key_Escape);
        QTRY_VERIFY(window.findChild<ui::CommandPalette*>() == nullptr);
        QCOMPARE(QApplication::palette().color(QPalette::Window), QColor("#f3f4f6"));
    }
};

QTEST_MAIN(ControlsTest)
#include "controls_test.moc"
