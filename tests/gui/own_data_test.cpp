// A person comes with a file of their own: the demonstration makes room, settings suit what was found, one
// button compares widths, and the next start does not begin with the demonstration again.

#include "tests/support/gui_test.h"
#include "ui/experiment/data_preview.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

#include <cmath>
#include <fstream>
#include <set>

using namespace zipml;

namespace {

/// Rows of 5 features and a label.
std::string table(const std::function<std::string(int)>& label, int rows = 200) {
    std::string text = "a,b,c,d,e,y\n";
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < 5; ++column)
            text += std::to_string(std::sin(row * (column + 1.3)) + 0.2 * (row % 10)) + ',';
        text += label(row) + '\n';
    }
    return text;
}

std::string digit(int row) {
    return std::to_string(row % 10);
}
std::string price(int row) {
    return std::to_string(150'000.5 + 997 * (row % 83));
}

} // namespace

class OwnDataTest : public QObject {
    Q_OBJECT
  private slots:
    void init() { test::useOwnSettings(); }

    void theDemonstrationMakesRoomAndOwnRunsStay() {
        ui::MainWindow window;
        window.show();
        window.startWelcome();
        auto& runs = window.page<ui::TrainingPage>().runs();
        QCOMPARE(runs.size(), 3);
        RunSpec own;
        own.data.source = "synthetic:7x300";
        own.sgd.epochs = 2;
        window.experiment().startAll({own});
        open(window, write("prices.csv", table(price)));
        QCOMPARE(runs.size(), 1);
        QCOMPARE(runs.at(0).spec.data.source, own.data.source);
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QCOMPARE(runs.at(0).state, ui::RunState::Finished);
    }

    // Settings of experiments and files that cannot be read put nothing away.
    void whatIsRefusedLeavesTheDemonstration() {
        ui::MainWindow window;
        window.show();
        window.startWelcome();
        window.open(write("junk.csv", std::string("\0\1\2\3\0\0", 6)));
        QTRY_VERIFY(!window.messages().text().isEmpty());
        QCOMPARE(window.page<ui::TrainingPage>().runs().size(), 3);
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
    }

    void whatWasFoundDecidesTheSettings() {
        ui::MainWindow window;
        window.show();
        open(window, write("digits.csv", table(digit)));
        RunSpec spec = window.experiment().spec();
        QCOMPARE(spec.loss, LossKind::Logistic);
        QVERIFY(spec.data.task == Task::Classification);
        QCOMPARE(spec.data.split, 0.8);
        QVERIFY(barText(window).contains("10 classes") && barText(window).contains("Train share 0.8"));
        QVERIFY2(!barText(window).contains('_'), qPrintable(barText(window)));
        auto* panel = &window.page<ui::TrainingPage>().panel();
        QCOMPARE(panel->findChild<QComboBox*>("loss")->currentText(),
                 ui::toQt(entryOf(LossKind::Logistic).title));

        // One step to undo; the data stay what was opened only as far as a person wants.
        window.experiment().history().undoAction()->trigger();
        QVERIFY(window.experiment().spec() == RunSpec());
        window.experiment().history().redoAction()->trigger();
        QVERIFY(window.experiment().spec() == spec);

        // The next file is not taken for classes because this one was.
        open(window, write("prices.csv", table(price)));
        spec = window.experiment().spec();
        QCOMPARE(spec.loss, LossKind::LeastSquares);
        QVERIFY(!spec.data.task);
        QCOMPARE(spec.data.labelScaling, LabelScalingKind::Standard);
        QVERIFY2(barText(window).contains("Label scaling"), qPrintable(barText(window)));

        open(window, write("two.csv", table([](int row) { return row % 3 == 0 ? "yes" : "no"; })));
        spec = window.experiment().spec();
        QCOMPARE(spec.loss, LossKind::Logistic);
        QCOMPARE(spec.data.labelScaling, LabelScalingKind::None);
    }

    void choicesOfThePersonStay() {
        ui::MainWindow window;
        window.show();
        RunSpec chosen;
        chosen.loss = LossKind::SquaredHinge;
        chosen.data.scaling = ScalingKind::MinMax;
        window.experiment().setSpec(chosen);
        open(window, write("two.csv", table([](int row) { return row % 3 == 0 ? "yes" : "no"; })));
        QCOMPARE(window.experiment().spec().loss, LossKind::SquaredHinge);
        QCOMPARE(window.experiment().spec().data.scaling, ScalingKind::MinMax);
    }

    // Two buttons under the plots; full precision is trained once for both.
    void oneButtonComparesWidths() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        open(window, write("prices.csv", table(price)));
        RunSpec few = window.experiment().spec();
        few.sgd.epochs = 2;
        window.experiment().setSpec(few);
        auto* bar = window.findChild<QWidget*>("ownDataBar");
        QVERIFY(bar->isVisible());
        auto* compare = bar->findChild<QPushButton*>("compareBitsButton");
        QCOMPARE(compare->text(), QString("Compare full, 8, 4, 3, 2 bits"));
        compare->click();
        QCOMPARE(page.runs().size(), 9);
        QVERIFY(!compare->isEnabled() && bar->isVisible());
        bar->findChild<QPushButton*>("compareOptimalButton")->click();
        QCOMPARE(page.runs().size(), 17); // the reference is there
        bar->findChild<QPushButton*>("compareBiasButton")->click();
        QCOMPARE(page.runs().size(),
                 18); // and double sampling at the experiment's bits: naive rounding is new
        QCOMPARE(page.runs().at(17).spec.estimator, EstimatorKind::Naive);
        page.runs().remove({17});
        QVERIFY(!bar->isVisible());
        QVERIFY(test::waitUntilIdle(page));
        std::multiset<std::pair<EstimatorKind, int>> seen;
        int optimal = 0;
        for (int row = 0; row < page.runs().size(); ++row) {
            const auto& run = page.runs().at(row);
            QVERIFY(run.record && run.state != ui::RunState::Failed);
            QCOMPARE(run.setup->testRows, std::size_t(40));
            seen.insert({run.spec.estimator, run.spec.estimator == EstimatorKind::Full ? 32 : run.spec.bits});
            optimal += run.spec.grid.kind == GridKind::Optimal ? 1 : 0;
        }
        QCOMPARE(seen.count({EstimatorKind::Full, 32}), std::size_t(1));
        for (const auto estimator : {EstimatorKind::Double, EstimatorKind::Corrected})
            for (const int bits : {8, 4, 3, 2})
                QCOMPARE(seen.count({estimator, bits}), std::size_t(2));
        QCOMPARE(optimal, 8);
    }

    void theBarGoesWithItsData() {
        ui::MainWindow window;
        window.show();
        auto* bar = window.findChild<QWidget*>("ownDataBar");
        open(window, write("prices.csv", table(price)));
        QVERIFY(bar->isVisible());
        window.experiment().setSpec({}); // other data
        QVERIFY(!bar->isVisible());
        open(window, write("prices.csv", table(price)));
        QVERIFY(bar->isVisible());
        bar->findChild<QToolButton*>("dataBarClose")->click();
        QVERIFY(!bar->isVisible());
    }

    // Something is to be chosen first: settings are chosen once it was.
    void settingsFollowWhatIsMended() {
        std::string text = table(digit);
        text.replace(text.find('\n') + 1, text.find(',', text.find('\n')) - text.find('\n') - 1,
                     ""); // a cell
        ui::MainWindow window;
        window.show();
        open(window, write("gap.csv", text));
        QCOMPARE(window.currentPage().card().name, "data");
        QCOMPARE(window.experiment().loss(), LossKind::LeastSquares);
        DataSpec filled = window.experiment().data();
        filled.load.missing = "median";
        window.experiment().preview().change(filled);
        QTRY_COMPARE(window.experiment().loss(), LossKind::Logistic);
        QCOMPARE(window.experiment().data().load.missing, std::string("median"));
    }

    void theNextStartIsWithoutTheDemonstration() {
        {
            ui::MainWindow window;
            window.show();
            window.greet();
            QCOMPARE(window.page<ui::TrainingPage>().runs().size(), 3); // the first start
            open(window, write("prices.csv", table(price)));
        }
        ui::MainWindow next;
        next.show();
        next.greet();
        QCOMPARE(next.page<ui::TrainingPage>().runs().size(), 0);
        QVERIFY(next.messages().text().contains("Recent files"));
        next.startWelcome(); // whoever wants it
        QCOMPARE(next.page<ui::TrainingPage>().runs().size(), 3);
    }

    // What is wrong is said with the controls' words, and goes once it is right.
    void messagesAreInTheWordsOfTheWindowAndGo() {
        ui::MainWindow window;
        window.show();
        auto& page = window.page<ui::TrainingPage>();
        RunSpec spec;
        spec.data.source = "synthetic:5x100,classes";
        spec.loss = LossKind::Logistic;
        window.experiment().setSpec(spec);
        auto* scaling = page.panel().findChild<QComboBox*>("label_scaling");
        scaling->setCurrentIndex(scaling->findData(static_cast<int>(LabelScalingKind::Standard)));
        test::actionNamed(page, "Start")->trigger();
        const QString said = window.messages().text();
        QVERIFY2(said.startsWith("Label scaling: classes are"), qPrintable(said));
        QVERIFY2(said.contains("use " + ui::toQt(entryOf(LabelScalingKind::None).title)), qPrintable(said));
        page.panel().findChild<QLineEdit*>("seed")->setText("7"); // something else
        QCOMPARE(window.messages().text(), said);
        scaling->setCurrentIndex(scaling->findData(static_cast<int>(LabelScalingKind::None)));
        QCOMPARE(window.messages().text(), QString());

        spec = {};
        spec.data.source = "synthetic:10x400";
        spec.sgd.epochs = 5;
        spec.sgd.step = 1000;
        window.experiment().startAll({spec});
        QVERIFY(test::waitUntilIdle(page));
        QVERIFY2(window.messages().text().contains("smaller step"), qPrintable(window.messages().text()));
        page.runs().remove({0});
        QCOMPARE(window.messages().text(), QString());
    }

  private:
    QString write(const QString& name, const std::string& text) {
        const QString file = folder_.filePath(name);
        std::ofstream(file.toStdString(), std::ios::binary) << text;
        return file;
    }
    static void open(ui::MainWindow& window, const QString& file) {
        const int wait = static_cast<int>(20'000 * test::timeScale());
        window.messages().hide();
        window.open(file);
        QVERIFY(QTest::qWaitFor([&] { return window.messages().text().startsWith("Opened"); }, wait));
        QVERIFY(QTest::qWaitFor([&] { return !window.experiment().preview().reading(); }, wait));
        window.experiment().history().settings();
    }
    static QString barText(ui::MainWindow& window) {
        const auto* label = window.findChild<QLabel*>("dataBarText");
        return label->isVisible() ? label->text() : QString();
    }

    QTemporaryDir folder_;
};

QTEST_MAIN(OwnDataTest)
#include "own_data_test.moc"
