// The gallery of presets and the report: each preset runs, and what ran can be passed on.

#include "core/base/error.h"
#include "tests/support/gui_test.h"
#include "ui/gallery/gallery_dialog.h"
#include "ui/gallery/reproduce_worker.h"
#include "ui/report/reported_runs.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QXmlStreamReader>

using namespace zipml;

class GalleryTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    // All are read, have a picture that is not blank, and train for an epoch without a fault.
    void everyPresetRuns() {
        const auto presets = ui::builtInPresets();
        QVERIFY(presets.size() >= 8);
        for (const auto& preset : presets) {
            const QImage picture(QString(":/presets/%1.png").arg(QString::fromStdString(preset.name)));
            QVERIFY2(picture.size() == QSize(400, 240), preset.name.c_str());
            QSet<QRgb> colors;
            for (int x = 0; x < picture.width(); ++x)
                for (int y = 0; y < picture.height(); ++y)
                    colors << picture.pixel(x, y);
            QVERIFY2(colors.size() > 10, preset.name.c_str());

            LessonAction brief = preset.action;
            for (auto& run : brief.runs)
                run.sgd.epochs = 1;
            ui::ExperimentModel experiment;
            ui::TrainingPage page(experiment);
            experiment.show(brief, {"Gallery", QString::fromStdString(preset.name)});
            QVERIFY(test::waitUntilIdle(page));
            for (int row = 0; row < page.runs().size(); ++row) {
                const auto& run = page.runs().at(row);
                QVERIFY2(run.state == ui::RunState::Finished,
                         qPrintable(QString::fromStdString(preset.name) + ": " + run.message));
            }
        }
    }

    void badPresetsSayWhatIsWrong() {
        const auto fault = [](const char* text) {
            try {
                parsePreset(text, "p.json");
            } catch (const InputError& error) {
                return std::string(error.what());
            }
            return std::string();
        };
        QCOMPARE(fault(R"({"title": "t", "runs": [{}]})"), "p.json: 'summary' is missing");
        QCOMPARE(fault(R"({"title": "t", "summary": "s"})"), "p.json: 'runs' is missing");
        QVERIFY(fault(R"({"title": "t", "summary": "s", "runs": [{"bist": 3}]})").find("bist") !=
                std::string::npos);
        QVERIFY(fault("{").find("p.json: ") == 0);
    }

    void keyboardChoosesAndRuns() {
        ui::ReproduceWorker worker;
        ui::GalleryDialog gallery(worker);
        QSignalSpy chosen(&gallery, &ui::GalleryDialog::chosen);
        gallery.show();
        QVERIFY(QTest::qWaitForWindowExposed(&gallery));
        auto* list = gallery.findChild<QListWidget*>("presets");
        const QString before = gallery.findChild<QLabel*>("presetSummary")->text();
        QTest::keyClick(list, Qt::Key_Right);
        QCOMPARE(list->currentRow(), 1);
        QVERIFY(gallery.findChild<QLabel*>("presetSummary")->text() != before);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].value<Preset>().name, ui::builtInPresets()[1].name);
        QCOMPARE(gallery.result(), static_cast<int>(QDialog::Accepted));
    }

    void reportHoldsTheComparison() {
        RunSpec spec;
        spec.data.source = "synthetic:10x400";
        spec.sgd.epochs = 3;
        spec.name = "A < B & C";
        ui::ExperimentModel experiment;
        ui::TrainingPage page(experiment);
        QVERIFY_THROWS_EXCEPTION(InputError,
                                 ui::writeComparisonReport(ui::reportedRuns(page.runs()), {}, "x.html"));
        experiment.startAll({spec});
        QVERIFY(test::waitUntilIdle(page));
        const QTemporaryDir folder;
        const auto write = [&](const QString& name) {
            const QString file = folder.filePath(name);
            ui::writeComparisonReport(ui::reportedRuns(page.runs()),
                                      {page.lossPlot().figure(), page.secondPlot().figure()},
                                      file.toStdString());
            QFile read(file);
            return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
        };
        const QString html = QString::fromUtf8(write("r.html"));
        QVERIFY(html.contains("A &lt; B &amp; C") && !html.contains("A < B"));
        QCOMPARE(html.count("<svg"), 2);
        QVERIFY(!html.contains("src=\"http")); // nothing from elsewhere
        QVERIFY(html.contains(QString::number(page.runs().at(0).epochs.back().trainLoss, 'g', 5)));
        QVERIFY(html.contains(QString::fromStdString(toCommandLine(spec)).toHtmlEscaped()));
        const auto svg = html.mid(html.indexOf("<svg"));
        QXmlStreamReader reader(svg.left(svg.indexOf("</svg>") + 6));
        while (!reader.atEnd())
            reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY(write("r.pdf").startsWith("%PDF"));
        QVERIFY_THROWS_EXCEPTION(InputError,
                                 ui::writeComparisonReport(ui::reportedRuns(page.runs()), {}, "r.doc"));
    }
};

QTEST_MAIN(GalleryTest)
#include "gallery_test.moc"
