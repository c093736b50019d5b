// A figure that was saved from a plot, opened: its runs train again, to the same curves, once the person wants it.

#include "tests/support/gui_test.h"

#include <QMessageBox>
#include <QPushButton>

using namespace zipml;

namespace {

RunSpec specOf(EstimatorKind estimator, int bits) {
    RunSpec spec;
    spec.data.source = "synthetic:10x400";
    spec.sgd.epochs = 5;
    spec.estimator = estimator;
    spec.bits = bits;
    spec.at = parseSwitches("3:bits=6");
    return spec;
}

QMessageBox* question(const ui::MainWindow& window) {
    QMessageBox* box = nullptr;
    static_cast<void>(
        QTest::qWaitFor([&] { return (box = window.findChild<QMessageBox*>("figureRuns")) != nullptr; },
                        static_cast<int>(5000 * test::timeScale())));
    return box;
}

void press(QMessageBox& box, const QString& text) {
    for (auto* button : box.buttons())
        if (button->text().remove('&') == text)
            button->click();
}

} // namespace

class FigureTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void trainsAgainOnceAsked_data() {
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"png", "svg", "pdf"})
            QTest::newRow(ending) << QString(ending);
    }
    void trainsAgainOnceAsked() {
        QFETCH(QString, ending);
        const QTemporaryDir folder;
        const QString figure = folder.filePath("figure." + ending);
        std::vector<std::vector<EpochRecord>> curves;
        QStringList names;
        {
            ui::MainWindow window;
            auto& page = window.page<ui::TrainingPage>();
            window.experiment().startAll({specOf(EstimatorKind::Double, 3), specOf(EstimatorKind::Naive, 2)});
            QVERIFY(test::waitUntilIdle(page));
            QVERIFY(QTest::qWaitFor([&] { return page.lossPlot().curves().size() > 2; }));
            page.lossPlot().exportTo(figure);
            for (int row = 0; row < 2; ++row) {
                curves.push_back(page.runs().at(row).epochs);
                names << page.runs().at(row).name;
            }
        }
        ui::MainWindow window;
        auto& runs = window.page<ui::TrainingPage>().runs();
        window.open(figure);
        auto* box = question(window);
        QVERIFY(box != nullptr);
        QCOMPARE(runs.size(), 0); // nothing begins by itself
        press(*box, "Train");
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QCOMPARE(runs.size(), 2);
        for (int row = 0; row < 2; ++row) {
            const auto& run = runs.at(row);
            QCOMPARE(run.name, names[row]);
            const auto& wanted = curves[static_cast<std::size_t>(row)];
            QCOMPARE(run.epochs.size(), wanted.size());
            for (std::size_t e = 0; e < wanted.size(); ++e)
                QVERIFY(run.epochs[e].trainLoss == wanted[e].trainLoss &&
                        run.epochs[e].bits == wanted[e].bits && run.epochs[e].biasNorm == wanted[e].biasNorm);
        }
    }

    void cancelledOrWithoutRunsNothingBegins() {
        const QTemporaryDir folder;
        const QString plain = folder.filePath("plain.png");
        QImage image(10, 10, QImage::Format_RGB32);
        image.fill(Qt::white);
        QVERIFY(image.save(plain));
        ui::MainWindow window;
        window.open(plain);
        QVERIFY(QTest::qWaitFor(
            [&] { return window.messages().text().contains("without the settings of its runs"); }));
        QCOMPARE(window.page<ui::TrainingPage>().runs().size(), 0);
    }
};

QTEST_MAIN(FigureTest)
#include "figure_test.moc"
