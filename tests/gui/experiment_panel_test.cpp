#include "core/base/random.h"
#include "core/lab/rules.h"
#include "core/loss/slope_polynomial.h"
#include "tests/support/gui_test.h"
#include "ui/plot/live_plot.h"
#include "ui/training/slope_dialog.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/folding_group.h"
#include "ui/widgets/setting_words.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include <nlohmann/json.hpp>

using namespace zipml;

namespace {

/// Valid specs of all kinds, from a seed.
class RandomSpec {
  public:
    explicit RandomSpec(std::uint64_t seed) : stream_(seed, Purpose::Synthetic) {}

    RunSpec make() {
        RunSpec spec;
        const bool file = coin();
        spec.data.source = file ? "folder/data file.csv" : coin() ? "synthetic:10" : "synthetic:7x50@3";
        if (file && coin())
            spec.data.test = "folder/test.csv";
        else if (file)
            spec.data.split = (1 + below(100)) / 100.0;
        spec.data.load.labelColumn = file && coin() ? "price" : "auto";
        if (file)
            spec.data.load.delimiter = coin() ? "tab" : "auto";
        if (file)
            spec.data.load.header = coin() ? "no" : "auto";
        spec.data.load.skipLines = static_cast<std::size_t>(below(3));
        if (coin())
            spec.data.task = pick<Task>();
        spec.data.scaling = pick<ScalingKind>();
        if (spec.data.task != Task::Regression)
            spec.loss = pick<LossKind>();
        if (!isQuadratic(spec.loss) && coin())
            spec.classWeights = {1.0 + below(3), 0.5};
        if (spec.data.task == Task::Regression)
            spec.data.labelScaling = pick<LabelScalingKind>();
        const char* regularizers[] = {"none",     "l2:0.3",      "l1:0.25", "elastic:0.2,0.3",
                                      "ball:0.7", "box:-0.2,0.4"};
        spec.regularizer = parseRegularizer(regularizers[below(6)]);
        do
            spec.estimator = pick<EstimatorKind>();
        while (!whyNotWith(spec.estimator, spec.loss).empty());
        const bool rowByRow =
            spec.estimator == EstimatorKind::Polynomial || spec.estimator == EstimatorKind::Refetch;
        spec.polynomial = {1 + below(7), 2.5 + below(20) / 8.0, (1 + below(20)) / 20.0};
        spec.certificate = pick<CertificateKind>();
        spec.grid = {pick<GridKind>(), static_cast<std::size_t>(4 + below(5000))};
        spec.sharedGrid = coin();
        spec.copies = 2 + below(7);
        spec.modelBits = rowByRow || coin() ? 32 : 1 + below(16);
        spec.gradientBits = coin() ? 32 : 1 + below(16);
        spec.vectorScale = pick<VectorScale>();
        spec.sgd.tailAverage = below(5) / 4.0;
        spec.bits = 1 + below(16);
        spec.intercept = coin();
        spec.sgd.batch = static_cast<std::size_t>(1 + below(1000));
        spec.sgd.epochs = 1 + below(1000);
        if (estimatorOf(spec.estimator).quantized() && !rowByRow && coin()) {
            spec.store = StoreKind::AnyPrecision;
            spec.bits = 1 + below(8);
            spec.grid.kind = GridKind::Uniform;
            spec.copies = 2;
            spec.sgd.batch = static_cast<std::size_t>(16 * (1 + below(60)));
        }
        if (estimatorOf(spec.estimator).quantized() && !rowByRow && coin()) {
            spec.arithmetic = Arithmetic::Integer;
            spec.modelBits = coin() ? 32 : 2 + below(7);
        }
        const bool keeps = spec.modelBits >= 2 && spec.modelBits <= 16;
        if (spec.sgd.tailAverage > 0) {
            spec.sgd.lowPrecisionAverage = keeps && coin();
        } else if (!rowByRow && spec.loss != LossKind::Hinge) {
            spec.sgd.solver = pick<SolverKind>();
            spec.sgd.innerPasses = 1 + below(9);
            if (spec.sgd.solver == SolverKind::BitCentering) {
                spec.arithmetic = Arithmetic::Float;
                spec.modelBits = std::max(spec.modelBits, 2);
            }
        }
        if (coin())
            spec.sgd.step = std::ldexp(1.0, -below(20)) / 3;
        const char* schedules[] = {"constant", "inverse-epoch", "inverse-sqrt", "halve-every:7",
                                   "list:1,0.3"};
        spec.sgd.schedule = parseSchedule(schedules[below(5)]);
        spec.sgd.order = pick<RowOrder>();
        spec.sgd.rounding = pick<RoundingTime>();
        spec.sgd.earlyStop = below(5);
        spec.seed = (std::uint64_t{word()} << 32) | word();
        spec.biasDraws = coin() ? 0 : 2 + below(50);
        spec.threads = below(4);
        spec.device = coin() ? "cpu" : "cpu-scalar";
        spec.biasRows = static_cast<std::size_t>(1 + below(5000));
        try {
            validate(spec);
        } catch (const InputError&) { // such as codes that are too wide for integer kernels
            return make();
        }
        return spec;
    }

  private:
    std::uint32_t word() { return stream_.words(next_++, 0)[0]; }
    int below(int count) { return static_cast<int>(word() % static_cast<unsigned>(count)); }
    bool coin() { return below(2) == 1; }
    template <class Enum>
    Enum pick() {
        const auto all = namesOf<Enum>();
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))].value;
    }

    RandomStream stream_;
    std::uint32_t next_ = 0;
};

} // namespace

class ExperimentPanelTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void startsWithTheDefaults() {
        ui::ExperimentModel experiment;
        const ui::ExperimentPanel panel(experiment);
        QVERIFY(experiment.spec() == RunSpec{});
    }

    // What is set is read back, for 300 random specs, one after the other in one panel.
    void everySpecSurvives() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        RandomSpec random(5);
        for (int i = 0; i < 300; ++i) {
            const RunSpec spec = random.make();
            experiment.setSpec(spec);
            const RunSpec read = experiment.spec();
            QVERIFY2(read == spec,
                     qPrintable(QString::fromStdString(toCommandLine(spec) + "\n" + toCommandLine(read))));
        }
    }

    void sliderAndSpinBoxAgree() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        auto* slider = panel.findChild<QSlider*>("bitsSlider");
        auto* spin = panel.findChild<QSpinBox*>("bits");
        slider->setValue(11);
        QCOMPARE(spin->value(), 11);
        spin->setValue(2);
        QCOMPARE(slider->value(), 2);
        QCOMPARE(experiment.spec().bits, 2);
    }

    // What a loss cannot be estimated with is grey and says why; a loss chosen by hand leaves no such pair.
    void impossiblePairsAreGreyed() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        auto* losses = panel.findChild<QComboBox*>("loss");
        auto* estimators = panel.findChild<QComboBox*>("estimator");
        for (const auto& loss : namesOf<LossKind>())
            for (const auto& before : namesOf<EstimatorKind>()) {
                estimators->setCurrentIndex(estimators->findData(static_cast<int>(before.value)));
                losses->setCurrentIndex(losses->findData(static_cast<int>(loss.value)));
                emit losses->activated(losses->currentIndex());
                for (const auto& entry : namesOf<EstimatorKind>()) {
                    const auto index =
                        estimators->model()->index(estimators->findData(static_cast<int>(entry.value)), 0);
                    const std::string why = whyNotWith(entry.value, loss.value);
                    QCOMPARE(index.flags().testFlag(Qt::ItemIsEnabled), why.empty());
                    if (!why.empty())
                        QCOMPARE(index.data(Qt::ToolTipRole).toString(), ui::inWindowWords(why));
                }
                const auto chosen = experiment.spec().estimator;
                QVERIFY(whyNotWith(chosen, loss.value).empty());
                if (whyNotWith(before.value, loss.value).empty())
                    QCOMPARE(chosen, before.value);
            }
    }

    void nonLinearControlsShowWhereTheyApply() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        const auto shows = [&](const char* key) {
            return panel.findChild<QWidget*>(key)->isVisibleTo(&panel);
        };
        RunSpec spec;
        experiment.setSpec(spec);
        for (const char* key : {"degree", "interval", "band", "certificate"})
            QVERIFY(!shows(key));
        spec.loss = LossKind::Logistic;
        spec.estimator = EstimatorKind::Polynomial;
        experiment.setSpec(spec);
        QVERIFY(shows("degree") && shows("interval") && !shows("band") && !shows("certificate"));
        QVERIFY(!panel.findChild<QWidget*>("store")->isEnabled());
        spec.loss = LossKind::Hinge;
        experiment.setSpec(spec);
        QVERIFY(shows("band"));
        auto* levels = panel.findChild<QLabel*>("levels");
        panel.findChild<QSpinBox*>("degree")->setValue(1); // two roundings: one bit more
        QVERIFY(levels->text().contains("4 bits"));
        spec.estimator = EstimatorKind::Refetch;
        experiment.setSpec(spec);
        QVERIFY(!shows("degree") && !shows("interval") && !shows("band") && shows("certificate"));
    }

    void fullPrecisionDisablesTheBitsAndSaysWhy() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        auto* spin = panel.findChild<QSpinBox*>("bits");
        QVERIFY(spin->isEnabled());
        RunSpec full;
        full.estimator = EstimatorKind::Full;
        experiment.setSpec(full);
        QVERIFY(!spin->isEnabled());
        QVERIFY(spin->toolTip().contains("another estimator"));
    }

    // Each control that the estimator or another choice makes useless says which choice would make it useful.
    void disabledControlsSayWhy() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        RunSpec full;
        full.estimator = EstimatorKind::Full;
        experiment.setSpec(full);
        const std::pair<const char*, const char*> wanted[] = {
            {"bits", "choose another estimator"},     {"bitsSlider", "choose another estimator"},
            {"grid", "choose another estimator"},     {"shared_grid", "choose another estimator"},
            {"rounding", "choose another estimator"}, {"copies", "choose Double sampling"},
            {"vector_scale", "set Model bits"}};
        for (const auto& [name, reason] : wanted) {
            auto* control = panel.findChild<QWidget*>(name);
            QVERIFY2(control != nullptr && !control->isEnabled(), name);
            QVERIFY2(control->toolTip().contains(reason), name);
        }
        RunSpec all;
        all.estimator = EstimatorKind::Double;
        all.modelBits = 8;
        experiment.setSpec(all);
        for (const auto& [name, reason] : wanted) {
            auto* control = panel.findChild<QWidget*>(name);
            QVERIFY2(control->isEnabled() && !control->toolTip().contains(reason), name);
        }
    }

    // Automatic arithmetic says what it takes with all settings as they are, and why.
    void automaticArithmeticSaysWhatItTakes() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        auto* combo = panel.findChild<QComboBox*>("arithmetic");
        QCOMPARE(combo->currentData().toInt(), static_cast<int>(Arithmetic::Auto));
        const auto says = [combo](const char* taken, const char* why) {
            const QString text = combo->itemData(combo->currentIndex(), Qt::ToolTipRole).toString();
            return text.startsWith(QString("Automatic takes %1 here: ").arg(taken)) && text.contains(why) &&
                   (!combo->isEnabled() || combo->toolTip().endsWith(text));
        };
        QVERIFY(says("8-bit integers", "linear"));
        panel.findChild<QSpinBox*>("model_bits")->setValue(8);
        QVERIFY(says("Floating point", "8 bits as set"));
        RunSpec spec; // what other sections decide
        spec.sgd.solver = SolverKind::BitCentering;
        experiment.setSpec(spec);
        QVERIFY(says("Floating point", "range of its own"));
        spec = {};
        spec.loss = LossKind::Logistic;
        experiment.setSpec(spec);
        QVERIFY(says("Floating point", "not linear"));
        QCOMPARE(experiment.spec().arithmetic, Arithmetic::Auto);
        combo->setCurrentIndex(combo->findData(static_cast<int>(Arithmetic::Float)));
        QCOMPARE(experiment.spec().arithmetic, Arithmetic::Float);
    }

    // Chosen by hand, end to end rounds all three streams; a spec that says otherwise is kept
    // (everySpecSurvives).
    void endToEndTurnsTheChannelsOn() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        auto* estimator = panel.findChild<QComboBox*>("estimator");
        estimator->setFocus();
        QTest::keyClick(estimator, Qt::Key_End); // the two behind it do not go with least squares
        QCOMPARE(experiment.spec().estimator, EstimatorKind::EndToEnd);
        QCOMPARE(experiment.spec().modelBits, 8);
        QCOMPARE(experiment.spec().gradientBits, 8);
    }

    // Another regularizer brings numbers of its own kind; those that fit are kept.
    void everyRegularizerCanBeChosen() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        auto* combo = panel.findChild<QComboBox*>("regularizer");
        for (int from = 0; from < combo->count(); ++from)
            for (int to = 0; to < combo->count(); ++to) {
                combo->setCurrentIndex(from);
                combo->setCurrentIndex(to);
                QCOMPARE(static_cast<int>(experiment.spec().regularizer.kind), combo->currentData().toInt());
            }
        experiment.setSpec({});
        RunSpec ridge;
        ridge.regularizer = parseRegularizer("l2:0.7");
        experiment.setSpec(ridge);
        combo->setCurrentIndex(combo->findData(static_cast<int>(RegularizerKind::L1)));
        QCOMPARE(experiment.spec().regularizer.l1, 0.7);
    }

    void storedBitsFollowTheCopies() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        RunSpec spec;
        spec.bits = 3;
        spec.copies = 5;
        experiment.setSpec(spec);
        QCOMPARE(panel.findChild<QLabel*>("levels")->text(), QString("8 levels a feature, 6 bits stored"));
        panel.findChild<QSpinBox*>("copies")->setValue(2);
        auto* levels = panel.findChild<QLabel*>("levels");
        QCOMPARE(levels->text(), QString("8 levels a feature, 4 bits stored"));
        // Where the words meet first they are explained.
        QVERIFY2(levels->toolTip().contains("3 bits tell 2^3 = 8 levels") &&
                     levels->toolTip().contains("takes 4 bits"),
                 qPrintable(levels->toolTip()));
        spec.copies = 2;
        spec.store = StoreKind::AnyPrecision;
        experiment.setSpec(spec);
        QVERIFY2(levels->toolTip().contains("2^2 + 1 = 5 levels"), qPrintable(levels->toolTip()));
    }

    // The curve is the polynomial that trains: as far off inside of the interval as it says, and live.
    void polynomialIsShownOverItsSlope() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        RunSpec spec;
        spec.data.task = Task::Classification;
        spec.loss = LossKind::Logistic;
        spec.estimator = EstimatorKind::Polynomial;
        experiment.setSpec(spec);
        panel.show();
        QTest::mouseClick(panel.findChild<QPushButton*>("showSlope"), Qt::LeftButton);
        const auto* dialog = panel.findChild<ui::SlopeDialog*>();
        QVERIFY(dialog != nullptr && dialog->isVisible());
        const auto largestError = [&] {
            const auto& curves = dialog->plot().curves();
            double largest = 0;
            for (int i = 0; i < curves[2].x.size(); ++i)
                if (std::abs(curves[2].x[i]) <= spec.polynomial.interval)
                    largest = std::max(largest, curves[2].y[i]);
            return largest;
        };
        for (const int degree : {5, 3}) {
            panel.findChild<QSpinBox*>("degree")->setValue(degree);
            spec.polynomial.degree = degree;
            const double stated = approximateSlope(LossKind::Logistic, spec.polynomial).error;
            QVERIFY(std::abs(largestError() - stated) < 0.01 * stated);
        }
        panel.findChild<QComboBox*>("loss")->setCurrentIndex(0); // least squares: a straight line
        QVERIFY(!dialog->isVisible());
    }

    // What a person decides is there at once; the rest is behind heads that open and close.
    void othersFoldAndSayWhatIsNotAsUsual() {
        test::useOwnSettings();
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        panel.show();
        const auto shows = [&](const char* key) { return panel.findChild<QWidget*>(key)->isVisible(); };
        for (const char* key : {"data", "estimator", "bits", "grid", "epochs"})
            QVERIFY2(shows(key), key);
        for (const char* key :
             {"loss", "store", "model_bits", "solver", "step", "seed", "bias_draws", "scaling"})
            QVERIFY2(!shows(key), key);
        auto* steps = panel.findChild<ui::FoldingGroup*>("stepGroup");
        QCOMPARE(steps->head()->text(), QString("Step and average"));
        panel.findChild<QLineEdit*>("step")->setText("0.01");
        auto* schedule = panel.findChild<QComboBox*>("schedule");
        schedule->setCurrentIndex(schedule->findData(static_cast<int>(ScheduleKind::HalveEvery)));
        QVERIFY2(steps->head()->text().contains("2"), qPrintable(steps->head()->text()));
        QVERIFY(steps->head()->toolTip().contains("Step size: 0.01"));
        QVERIFY(!panel.findChild<ui::FoldingGroup*>("lossGroup")->head()->text().contains("changed"));
        QTest::mouseClick(steps->head(), Qt::LeftButton);
        QVERIFY(shows("step"));
        QTest::keyClick(steps->head(), Qt::Key_Space);
        QVERIFY(!shows("step"));
        experiment.setSpec({});
        QCOMPARE(steps->head()->text(), QString("Step and average"));
        // Of generated data nothing is read from a file.
        QVERIFY(!panel.findChild<ui::FoldingGroup*>("readingGroup")->isVisible());
        DataSpec file;
        file.source = "some.csv";
        experiment.setData(file);
        QVERIFY(panel.findChild<ui::FoldingGroup*>("readingGroup")->isVisible());
    }

    // One switch opens all, and what was open is so the next time.
    void whatIsOpenIsRemembered() {
        test::useOwnSettings();
        const auto shown = [](const ui::ExperimentPanel& panel, const char* key) {
            return panel.findChild<QWidget*>(key)->isVisible();
        };
        {
            ui::ExperimentModel experiment;
            ui::ExperimentPanel panel(experiment);
            panel.show();
            QTest::mouseClick(panel.findChild<ui::FoldingGroup*>("lossGroup")->head(), Qt::LeftButton);
            QVERIFY(shown(panel, "loss"));
        }
        {
            ui::ExperimentModel experiment;
            ui::ExperimentPanel panel(experiment);
            panel.show();
            QVERIFY(shown(panel, "loss") && !shown(panel, "step"));
            panel.findChild<QCheckBox*>("allSettings")->click();
            for (const char* key : {"loss", "store", "model_bits", "solver", "step", "bias_draws", "scaling"})
                QVERIFY2(shown(panel, key), key);
        }
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        panel.show();
        QVERIFY(shown(panel, "step"));
        panel.findChild<QCheckBox*>("allSettings")->click();
        QVERIFY(shown(panel, "loss") && !shown(panel, "step")); // as before
    }

    void settingsAreFoundByWords() {
        test::useOwnSettings();
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        const auto shows = [&](const char* key) { return panel.findChild<QWidget*>(key)->isVisible(); };
        auto* words = panel.findChild<QLineEdit*>("findSetting");
        const RunSpec before = experiment.spec();
        QTest::keyClicks(words, "halve"); // a choice of the schedule
        QVERIFY(shows("schedule") && !shows("loss"));
        QVERIFY(!panel.findChild<ui::FoldingGroup*>("lossGroup")->isVisible());
        QTest::keyClick(words, Qt::Key_Return);
        QVERIFY(panel.findChild<QWidget*>("schedule")->hasFocus());
        words->clear();
        QVERIFY(!shows("schedule") && panel.findChild<ui::FoldingGroup*>("lossGroup")->isVisible());
        QTest::keyClicks(words, "no such setting");
        QVERIFY(!panel.findChild<ui::FoldingGroup*>("stepGroup")->isVisible());
        words->clear();
        QVERIFY(experiment.spec() == before); // it is none itself
    }

    // The list of commands has every setting; choosing one opens its group and gives it the keyboard.
    void thePaletteKnowsTheSettings() {
        test::useOwnSettings();
        ui::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.showPage("devices");
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto* words = window.findChild<ui::CommandPalette*>()->findChild<QLineEdit*>();
        QTest::keyClicks(words, "setting seed");
        QTest::keyClick(words, Qt::Key_Return);
        auto& page = window.page<ui::TrainingPage>();
        auto* seed = page.panel().findChild<QLineEdit*>("seed");
        QTRY_VERIFY(seed->isVisible());
        QCOMPARE(window.currentPage().card().name, QString("training"));
        QVERIFY(page.panel().settingActions().size() > 25);
        for (const auto* action : page.panel().settingActions())
            QVERIFY(action->text() != "Degree"); // which only a polynomial has
        QTRY_VERIFY(window.focusWidget() == seed);
    }

    // Whatever goes wrong between settings is said without keys and names as they are typed.
    void rulesSpeakTheWindowsWords() {
        int said = 0;
        for (const auto& estimator : namesOf<EstimatorKind>())
            for (const auto& loss : namesOf<LossKind>()) {
                RunSpec base;
                base.estimator = estimator.value;
                base.loss = loss.value;
                for (const auto& [key, value] :
                     std::vector<std::pair<const char*, nlohmann::json>>{{"store", "any-precision"},
                                                                         {"arithmetic", "integer"},
                                                                         {"solver", "svrg"},
                                                                         {"solver", "bit-centering"},
                                                                         {"average", "swalp:0.5"},
                                                                         {"model_bits", 1},
                                                                         {"label_scaling", "standard"},
                                                                         {"grid", "given"},
                                                                         {"bits", 32}}) {
                    const auto conflict = whyNotChoose(base, key, value);
                    if (!conflict)
                        continue;
                    ++said;
                    const QString text = ui::inWindowWords(conflict->message());
                    for (const char* typed : {"_", "--", "any-precision", "bit-centering", "least-squares",
                                              "squared-hinge", "svrg"})
                        QVERIFY2(!text.contains(typed), qPrintable(text));
                    QVERIFY2(text.startsWith(ui::titleOf(conflict->key) + ": "), qPrintable(text));
                }
            }
        QVERIFY(said > 60);
        QCOMPARE(ui::inWindowWords("grid: any-precision has uniform levels; use grid uniform"),
                 QString("Grid: Any precision has Uniform levels; use Grid Uniform"));
        QCOMPARE(ui::inWindowWords("/data/loss.csv:3: has 2 columns"),
                 QString("/data/loss.csv:3: has 2 columns"));
    }

    // A number that a setting cannot have is refused with a word, as it is typed or once the field is left.
    void numbersOutOfRangeAreSaid_data() {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("range");
        QTest::newRow("no bits") << "bits"
                                 << "0"
                                 << "1 to 16";
        QTest::newRow("too many bits") << "bits"
                                       << "32"
                                       << "1 to 16";
        QTest::newRow("no epochs") << "epochs"
                                   << "0"
                                   << "1 to ";
        QTest::newRow("negative") << "batch"
                                  << "-4"
                                  << "1 to ";
        QTest::newRow("letters") << "bits"
                                 << "x"
                                 << "1 to 16";
    }
    void numbersOutOfRangeAreSaid() {
        QFETCH(const QString, field);
        QFETCH(const QString, typed);
        QFETCH(const QString, range);
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        QStringList said;
        connect(&panel, &ui::ExperimentPanel::refused, &panel, [&](const QString& text) { said << text; });
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        auto* box = panel.findChild<QSpinBox*>(field);
        QVERIFY(box != nullptr);
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, typed);
        QTest::keyClick(box, Qt::Key_Return);
        QVERIFY(!said.isEmpty());
        QVERIFY2(said.first().contains(range) && said.first().startsWith(box->accessibleName().trimmed()),
                 qPrintable(said.first()));
        // Nothing that begins with a minus goes on to a number here: it is said at once.
        QVERIFY2(said.first().contains(typed.startsWith('-') ? "-" : typed), qPrintable(said.first()));
        // What goes is taken without a word.
        said.clear();
        box->selectAll();
        QTest::keyClicks(box, "5");
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(box->value(), 5);
        QCOMPARE(said, QStringList());
    }

    void nonsenseIsNamed() {
        ui::ExperimentModel experiment;
        ui::ExperimentPanel panel(experiment);
        for (const auto& [field, text] : {std::pair{"step", "fast"}, std::pair{"seed", "-1"}}) {
            experiment.setSpec({});
            panel.findChild<QLineEdit*>(field)->setText(text);
            try {
                (void)experiment.spec();
                QFAIL("no error");
            } catch (const InputError& error) {
                QVERIFY(QString(error.what()).startsWith(field));
            }
        }
    }
};

QTEST_MAIN(ExperimentPanelTest)
#include "experiment_panel_test.moc"
