// Runs look different, estimators have the same colour everywhere, and what was given stays.

#include "core/document/bit_comparison.h"
#include "core/document/welcome.h"
#include "ui/plot/estimator_color.h"
#include "ui/runs/run_list.h"

#include <QtTest>

using namespace zipml;
using namespace zipml::ui;

namespace {

/// Runs as a list has them, without their training.
struct Runs {
    std::vector<std::unique_ptr<RunView>> views;
    RunColors colors;

    void add(const std::vector<RunSpec>& specs, const QString& group = {}) {
        for (const RunSpec& spec : specs) {
            views.push_back(std::make_unique<RunView>());
            views.back()->id = next++;
            views.back()->spec = spec;
            views.back()->origin.group = group;
            give();
        }
    }
    void give() {
        std::vector<RunView*> all;
        for (const auto& view : views)
            all.push_back(view.get());
        colors.give(all);
    }
    [[nodiscard]] std::vector<RunLook> looks() const {
        std::vector<RunLook> looks;
        for (const auto& view : views)
            looks.push_back(view->look);
        return looks;
    }
    [[nodiscard]] std::size_t different() const {
        const auto all = looks();
        return std::set<RunLook>(all.begin(), all.end()).size();
    }
    int next = 0;
};

std::vector<RunSpec> withSteps(int count) {
    std::vector<RunSpec> specs(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        specs[static_cast<std::size_t>(i)].sgd.epochs = 10 + i;
    return specs;
}

} // namespace

class RunColorsTest : public QObject {
    Q_OBJECT
  private slots:
    void estimatorsHaveColorsOfTheirOwn() {
        std::set<int> colors;
        for (const auto kind :
             {EstimatorKind::Full, EstimatorKind::Naive, EstimatorKind::Double, EstimatorKind::Corrected,
              EstimatorKind::Nearest, EstimatorKind::DoublePlain, EstimatorKind::DoubleMean})
            colors.insert(colorOfEstimator(kind));
        QCOMPARE(colors.size(), std::size_t{kRunColors});
    }

    void theWelcomesRunsAreInTheirEstimatorsColors() {
        Runs runs;
        runs.add(welcomeComparison());
        for (const auto& view : runs.views) {
            QCOMPARE(view->look.color, colorOfEstimator(view->spec.estimator));
            QCOMPARE(view->look.shade, 0);
        }
    }

    // Nine runs: the colour says the estimator, shade and marker say the bits.
    void aComparisonOfEstimatorsIsReadByColorAndMarker() {
        Runs runs;
        runs.add(bitComparison(RunSpec{}, {}));
        QCOMPARE(runs.views.size(), 9U);
        QCOMPARE(runs.different(), runs.views.size());
        std::map<int, RunLook> ofBits;
        for (const auto& view : runs.views) {
            QCOMPARE(view->look.color, colorOfEstimator(view->spec.estimator));
            if (view->spec.estimator == EstimatorKind::Full)
                continue;
            RunLook same = view->look;
            same.color = 0;
            QVERIFY(ofBits.try_emplace(view->spec.bits, same).first->second == same);
        }
        QCOMPARE(ofBits.size(), 4U);
    }

    void runsOfOneEstimatorHaveAColorEach() {
        Runs runs;
        runs.add(withSteps(kRunColors));
        std::set<int> colors;
        for (const RunLook& look : runs.looks())
            colors.insert(look.color);
        QCOMPARE(colors.size(), std::size_t{kRunColors});
        QCOMPARE(runs.looks()[0].color, colorOfEstimator(EstimatorKind::Double));
    }

    void noneLooksLikeAnotherOne() {
        Runs runs;
        runs.add(withSteps(50));
        QCOMPARE(runs.different(), 50U);
    }

    // What a person has learned of the curves stays true when more come and when some go.
    void aRunKeepsItsLook() {
        Runs runs;
        runs.add(withSteps(3));
        const auto before = runs.looks();
        runs.add(withSteps(12));
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY(runs.looks()[i] == before[i]);
        const auto all = runs.looks();
        auto removed = std::move(runs.views[1]);
        runs.views.erase(runs.views.begin() + 1);
        runs.give();
        QVERIFY(runs.looks()[0] == all[0]);
        for (std::size_t i = 1; i < runs.views.size(); ++i)
            QVERIFY(runs.looks()[i] == all[i + 1]);
        runs.views.insert(runs.views.begin() + 1, std::move(removed)); // undone
        runs.give();
        QVERIFY(runs.looks() == all);
    }

    // A lesson's runs do not move the colours of one's own.
    void groupsAreOnTheirOwn() {
        Runs alone, beside;
        alone.add(withSteps(4));
        beside.add(welcomeComparison(), "Lesson 2");
        beside.add(withSteps(4));
        for (std::size_t i = 0; i < 4; ++i)
            QCOMPARE(beside.looks()[i + 3].color, alone.looks()[i].color);
        QCOMPARE(beside.different(), 7U);
    }

    // On both grounds the shades of a colour are told apart, and from the ground.
    void shadesDiffer() {
        PlotColors dark = PlotColors::light();
        dark.dark = true;
        dark.background = QColor("#181b20");
        dark.text = QColor("#e6e8eb");
        for (const PlotColors& colors : {PlotColors::light(), dark})
            for (const int color : {0, 1, 2, 3}) {
                std::set<QRgb> shades{colors.background.rgb()};
                for (int shade = 0; shade < kRunShades; ++shade)
                    shades.insert(colors.run(color, shade).rgb());
                QCOMPARE(shades.size(), std::size_t{kRunShades} + 1);
            }
    }
};

QTEST_MAIN(RunColorsTest)
#include "run_colors_test.moc"
