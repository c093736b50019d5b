// What is shown of a network: counts, levels and filters are the model's. Without an engine: models are made
// by hand.

#include "core/base/random.h"
#include "core/deep/layer_view.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace zipml;
using namespace zipml::deep;

namespace {

/// With random weights, levels placed for them.
Model randomModel(const DeepSpec& spec) {
    Model model;
    model.spec = spec;
    model.input = {3, 32, 32};
    model.classes.assign(10, "class");
    model.mean.assign(model.input.size(), 0);
    const Network network = networkOf(model);
    const RandomStream stream(3, Purpose::RandomModel);
    for (std::size_t p = 0; p < network.parameters.size(); ++p) {
        std::vector<float> values(network.parameters[p].size());
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(
                stream.normals(static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(i))[0]);
        model.parameters.push_back(std::move(values));
        model.levels.emplace_back();
    }
    const auto quantizers = makeQuantizers(spec, network);
    for (std::size_t p = 0; p < quantizers.size(); ++p)
        if (quantizers[p]) {
            quantizers[p]->fit(model.parameters[p]);
            model.levels[p] = quantizers[p]->state();
        }
    for (const auto& buffer : network.buffers)
        model.buffers.emplace_back(buffer.size, buffer.initial);
    return model;
}

DeepSpec specOf(NetworkKind network, WeightMethod weights, LevelScope scope = LevelScope::Layer) {
    DeepSpec spec;
    spec.network = network;
    spec.weights = weights;
    spec.scope = scope;
    return spec;
}

} // namespace

class LayerViewTest : public QObject {
    Q_OBJECT
  private slots:
    void everyWeightIsCountedOnceWithItsLevels_data() {
        QTest::addColumn<int>("network");
        QTest::addColumn<int>("scope");
        for (const auto& network : namesOf<NetworkKind>())
            for (const auto& scope : namesOf<LevelScope>())
                QTest::addRow("%s %s", std::string(network.name).c_str(), std::string(scope.name).c_str())
                    << static_cast<int>(network.value) << static_cast<int>(scope.value);
    }
    void everyWeightIsCountedOnceWithItsLevels() {
        QFETCH(int, network);
        QFETCH(int, scope);
        const Model model = randomModel(
            specOf(static_cast<NetworkKind>(network), WeightMethod::Xnor, static_cast<LevelScope>(scope)));
        const auto parameters = networkOf(model).parameters;
        const auto views = layerViews(model);
        std::size_t v = 0;
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            if (parameters[p].role != Role::Weight)
                continue;
            const LayerView& view = views.at(v++);
            QCOMPARE(view.name, parameters[p].name);
            QCOMPARE(view.size(), parameters[p].size());
            QVERIFY(view.counts.size() <= 120);
            QCOMPARE(std::accumulate(view.counts.begin(), view.counts.end(), std::size_t{0}), view.size());
            // XNOR's levels reach as far below 0 as the largest weight lies above.
            QVERIFY(view.counts.front() > 0 || view.counts.back() > 0);
            QCOMPARE(view.levels.size(), model.levels[p].size());
            for (std::size_t set = 0; set < view.levels.size(); ++set)
                QVERIFY(std::ranges::equal(view.levels[set], model.levels[p][set],
                                           [](float a, double b) { return double{a} == b; }));
            QVERIFY(view.error > 0 && view.error < 1);
        }
        QCOMPARE(v, views.size());
    }

    // The bin of a value is where it lies between the ends.
    void countsAreByPlace() {
        Model model = randomModel(specOf(NetworkKind::SmallCnn, WeightMethod::Full));
        auto& weights = model.parameters[0];
        std::ranges::fill(weights, 1.0F);
        weights[0] = -1;
        weights[1] = 0.001F;
        const LayerView view = layerViews(model)[0];
        QCOMPARE(view.low, -1.0);
        QCOMPARE(view.high, 1.0);
        QVERIFY(view.levels.empty());
        QCOMPARE(view.error, 0.0);
        const std::size_t bins = view.counts.size();
        QCOMPARE(view.counts.front(), 1U);
        QCOMPARE(view.counts[bins / 2], 1U);
        QCOMPARE(std::size_t{view.counts.back()}, weights.size() - 2);
        std::ranges::fill(weights, 0.0F); // all equal: one bin has all
        QCOMPARE(std::size_t{std::ranges::max(layerViews(model)[0].counts)}, weights.size());
    }

    void filtersAreTheFirstLayersWeights() {
        const Model model = randomModel(specOf(NetworkKind::Cifar10Quick, WeightMethod::Optimal));
        const FilterBank bank = firstFilters(model, 64);
        QCOMPARE(QString::fromStdString(bank.layer), QString("conv1.weight"));
        QVERIFY((bank.shape == Shape{3, 5, 5}));
        QCOMPARE(bank.count, std::size_t{32});
        QCOMPARE(bank.full, model.parameters[0]);
        const std::set<float> values(bank.rounded.begin(), bank.rounded.end());
        const auto levels = layerViews(model)[0].levels[0];
        QVERIFY(std::ranges::equal(values, levels));
        const FilterBank few = firstFilters(model, 7);
        QCOMPARE(few.total, std::size_t{32});
        QCOMPARE(few.full, std::vector(bank.full.begin(), bank.full.begin() + 7 * 75));
    }

    // A fully connected first layer has a weight for each pixel.
    void filtersOfAnMlpAreImages() {
        const Model model = randomModel(specOf(NetworkKind::Mlp, WeightMethod::Full));
        const FilterBank bank = firstFilters(model, 16);
        QVERIFY((bank.shape == model.input));
        QCOMPARE(bank.full.size(), 16 * model.input.size());
        QCOMPARE(bank.full, bank.rounded);
    }
};

QTEST_APPLESS_MAIN(LayerViewTest)
#include "layer_view_test.moc"
