// The bit advisor's page, driven as a person would.

#include "tests/support/gui_test.h"
#include "ui/advisor/advisor_column_model.h"
#include "ui/advisor/advisor_page.h"
#include "ui/experiment/experiment_model.h"
#include "ui/runs/run_table.h"
#include "ui/widgets/choices.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QTableView>

using namespace zipml;

namespace {

struct Fixture {
    ui::ExperimentModel experiment;
    ui::AdvisorPage page{experiment};
    QStringList messages, pages;

    explicit Fixture(const char* source = "synthetic:5x600") {
        RunSpec spec;
        spec.data.source = source;
        spec.sgd.epochs = 8;
        experiment.setSpec(spec);
        QObject::connect(&page, &ui::AdvisorPage::message, &page,
                         [this](const QString& text, bool) { messages << text; });
        QObject::connect(&page, &ui::AdvisorPage::pageWanted, &page,
                         [this](const QString& name) { pages << name; });
        page.setCard({"advisor", "Bit advisor", "advisor", ""});
        page.resize(1100, 700);
        page.show();
    }
    template <class Widget>
    Widget* control(const char* name) {
        return page.findChild<Widget*>(name);
    }
    [[nodiscard]] QAction* action(int index) const { return page.barActions()[index]; }
    bool advise() {
        action(0)->trigger();
        return QTest::qWaitFor([this] { return action(0)->isEnabled(); },
                               static_cast<int>(60'000 * test::timeScale()));
    }
};

enum Action { Advise, Stop, Prove, Save };

} // namespace

class AdvisorPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void beforeItIsAskedItSaysWhatToDo() {
        Fixture f;
        QVERIFY(f.action(Advise)->isEnabled());
        for (const int other : {Stop, Prove, Save})
            QVERIFY(!f.action(other)->isEnabled());
        QVERIFY(f.action(Prove)->toolTip().contains("Press Advise"));
        QVERIFY(f.control<QLabel>("adviceBase")->text().contains("synthetic:5x600"));
        QVERIFY(f.page.plot().curves().empty());
    }

    // Sentence, plot and table say what core advises.
    void adviceFillsSentencePlotAndTable() {
        Fixture f;
        QVERIFY(f.advise());
        QVERIFY2(f.messages.isEmpty(), qPrintable(f.messages.join('\n')));
        const Advice* advice = f.page.advice();
        QVERIFY(advice != nullptr);
        QCOMPARE(f.page.statement(), QString::fromStdString(sentenceOf(*advice, 0.01)));
        QCOMPARE(f.page.plot().curves().size(), std::size_t{4 * 2 + 1}); // and the tolerance
        const auto& table = *f.page.table().model();
        QCOMPARE(table.rowCount(), 5);
        QCOMPARE(table.columnCount(), static_cast<int>(ui::AdvisorColumnModel::ColumnCount));
        const auto cell = [&](int column) {
            return table.index(0, column).data(ui::TableModel::kNumberRole).toDouble();
        };
        QCOMPARE(cell(ui::AdvisorColumnModel::FirstBits + 2), advice->columns[0].optimal[2]);
        ui::choose(f.control<QComboBox>("adviceLevels"), GridKind::Uniform);
        QCOMPARE(cell(ui::AdvisorColumnModel::FirstBits + 2), advice->columns[0].uniform[2]);
    }

    // Another tolerance is another sentence, from the same forecasts.
    void theToleranceMovesWithoutANewForecast() {
        Fixture f;
        QVERIFY(f.advise());
        const Advice* before = f.page.advice();
        const QString sentence = f.page.statement();
        f.control<QDoubleSpinBox>("adviceTolerance")->setValue(60);
        QVERIFY(f.page.statement() != sentence);
        QVERIFY(f.page.statement().startsWith("Within 60%"));
        QCOMPARE(f.page.advice(), before);
        QVERIFY(f.action(Prove)->isEnabled());
        f.control<QDoubleSpinBox>("adviceTolerance")->setValue(0.001);
        QCOMPARE(f.page.statement(), QString::fromStdString(sentenceOf(*before, 0.00001)));
    }

    // One click runs full precision, the advised setting and the same with a bit less; what they measured
    // stands beside the forecasts.
    void oneClickProvesIt() {
        Fixture f;
        QVERIFY(f.advise());
        f.control<QDoubleSpinBox>("adviceTolerance")->setValue(20);
        const auto best = bestPoint(*f.page.advice(), 0.2);
        QVERIFY(best);
        f.action(Prove)->trigger();
        QCOMPARE(f.pages.last(), QString("training"));
        const ui::RunList& runs = f.experiment.runs();
        const TradeoffSetting setting = f.page.advice()->points[*best].setting;
        QCOMPARE(runs.size(), setting.bits > 1 ? 3 : 2);
        QCOMPARE(runs.at(0).spec.estimator, EstimatorKind::Full);
        QCOMPARE(runs.at(1).spec.estimator, setting.estimator);
        QCOMPARE(runs.at(1).spec.bits, setting.bits);
        QCOMPARE(runs.at(1).spec.grid.kind, setting.grid);
        QVERIFY(
            QTest::qWaitFor([&] { return !runs.anyActive(); }, static_cast<int>(60'000 * test::timeScale())));
        const QString proof = f.control<QLabel>("adviceProof")->text();
        QVERIFY2(proof.contains(QString::fromStdString(nameOf(setting))) && proof.contains("forecast"),
                 qPrintable(proof));
        const double measured =
            runs.at(1).epochs.back().minimised() / runs.at(0).epochs.back().minimised() - 1;
        QVERIFY(proof.contains(QString::fromStdString(overText(measured))));
    }

    // What was asked for is selected, so that its model can be exported at once.
    void theProvenRunIsSelected() {
        ui::MainWindow window;
        RunSpec spec;
        spec.data.source = "synthetic:5x600";
        spec.sgd.epochs = 8;
        window.experiment().setSpec(spec);
        window.show();
        auto& page = window.page<ui::AdvisorPage>();
        window.showPage("advisor");
        page.findChild<QDoubleSpinBox*>("adviceTolerance")->setValue(20);
        page.barActions()[Advise]->trigger();
        QVERIFY(QTest::qWaitFor([&] { return page.barActions()[Prove]->isEnabled(); },
                                static_cast<int>(60'000 * test::timeScale())));
        page.barActions()[Prove]->trigger();
        auto& training = window.page<ui::TrainingPage>();
        QVERIFY(test::waitUntilIdle(training));
        QCOMPARE(training.runTable().selected(), QList<int>{1});
        QVERIFY(test::actionNamed(training, "Export model…")->isEnabled());
    }

    void thePageForTheHardwareIsSaved() {
        Fixture f;
        QVERIFY(f.advise());
        const QTemporaryDir folder;
        f.page.saveReport(folder.filePath("bits.html"));
        f.page.saveReport(folder.filePath("bits.pdf"));
        QFile html(folder.filePath("bits.html"));
        QVERIFY(html.open(QIODevice::ReadOnly));
        const QByteArray text = html.readAll();
        QVERIFY(text.contains("What to build") && text.contains("x1") && text.contains("<svg"));
        QVERIFY(QFileInfo(folder.filePath("bits.pdf")).size() > 1000);
        QVERIFY_THROWS_EXCEPTION(InputError, f.page.saveReport(folder.filePath("bits.txt")));
    }

    // What has no forecast says so, and what was advised before stays.
    void whatIsWrongIsAMessage() {
        Fixture f;
        QVERIFY(f.advise());
        const Advice* before = f.page.advice();
        RunSpec spec = f.experiment.spec();
        spec.sgd.solver = SolverKind::Svrg;
        f.experiment.setSpec(spec);
        QVERIFY(f.control<QLabel>("adviceDetails")->text().contains("press Advise again"));
        QVERIFY(f.advise());
        QVERIFY2(f.messages.size() == 1 && f.messages.first().contains("use solver sgd"),
                 qPrintable(f.messages.join('\n')));
        QCOMPARE(f.page.advice(), before);
    }

    // Stopping is quick, and leaves what was.
    void itCanBeStopped() {
        Fixture f("synthetic:60x20000");
        f.action(Advise)->trigger();
        QVERIFY(!f.action(Advise)->isEnabled() && f.action(Stop)->isEnabled());
        QTest::qWait(100);
        f.action(Stop)->trigger();
        QVERIFY(QTest::qWaitFor([&] { return f.action(Advise)->isEnabled(); },
                                static_cast<int>(20'000 * test::timeScale())));
        QVERIFY(f.page.advice() == nullptr);
        QVERIFY(f.messages.isEmpty());
    }
};

QTEST_MAIN(AdvisorPageTest)
#include "advisor_page_test.moc"
