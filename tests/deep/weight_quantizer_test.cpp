#include "core/deep/weight_quantizer.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

using namespace zipml;
using namespace zipml::deep;

namespace {

Parameter blob(int outputs, int inputs) {
    return {"w", Role::Weight, {outputs, inputs}};
}

/// Normal, with a few large ones, as trained weights are.
std::vector<float> someWeights(std::size_t count, std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::RandomModel);
    std::vector<float> weights(count);
    for (std::size_t i = 0; i < count; ++i)
        weights[i] = static_cast<float>(stream.normals(0, static_cast<std::uint32_t>(i))[0] *
                                        (i % 17 == 0 ? 0.3 : 0.1));
    return weights;
}

double squaredError(std::span<const float> weights, std::span<const float> rounded) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += (double{weights[i]} - rounded[i]) * (double{weights[i]} - rounded[i]);
    return sum;
}

double roundingVariance(std::span<const float> weights, std::span<const float> levels) {
    double sum = 0;
    for (const double weight : weights)
        for (std::size_t i = 0; i + 1 < levels.size(); ++i)
            if (levels[i] <= weight && weight <= levels[i + 1]) {
                sum += (levels[i + 1] - weight) * (weight - levels[i]);
                break;
            }
    return sum;
}

std::vector<float> fitAndRound(LayerQuantizer& quantizer, const std::vector<float>& weights) {
    quantizer.fit(weights);
    std::vector<float> rounded(weights.size());
    quantizer.round(weights, rounded);
    return rounded;
}

std::vector<float> levelsFor(WeightMethod method, int levels, const std::vector<float>& weights) {
    LayerQuantizer quantizer(method, levels, LevelScope::Layer, blob(1, static_cast<int>(weights.size())));
    quantizer.fit(weights);
    return {quantizer.levels(0).begin(), quantizer.levels(0).end()};
}

} // namespace

class WeightQuantizerTest : public QObject {
    Q_OBJECT

    /// Every method, number of levels and scope.
    static void addAll() {
        QTest::addColumn<int>("method");
        QTest::addColumn<int>("levels");
        QTest::addColumn<int>("scope");
        for (const auto& entry : weightQuantizers())
            for (const int levels : {2, 3, 4, 5, 8, 16})
                for (const auto scope : {LevelScope::Layer, LevelScope::Channel})
                    if (levels >= entry.fewest && levels <= entry.most)
                        QTest::addRow("%s, %d, %s", std::string(nameOf(entry.method)).c_str(), levels,
                                      std::string(nameOf(scope)).c_str())
                            << static_cast<int>(entry.method) << levels << static_cast<int>(scope);
    }
    static LayerQuantizer fetchedFor(const Parameter& parameter) {
        QFETCH(int, method);
        QFETCH(int, levels);
        QFETCH(int, scope);
        return {static_cast<WeightMethod>(method), levels, static_cast<LevelScope>(scope), parameter};
    }

  private slots:
    void roundsToTheNearestLevel_data() { addAll(); }
    void roundsToTheNearestLevel() {
        QFETCH(int, levels);
        const Parameter parameter = blob(7, 501);
        const auto weights = someWeights(parameter.size(), 3);
        LayerQuantizer quantizer = fetchedFor(parameter);
        const auto rounded = fitAndRound(quantizer, weights);
        const std::size_t size = weights.size() / quantizer.sets();
        QCOMPARE(quantizer.sets(), std::size_t(quantizer.sets() > 1 ? 7 : 1));
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const auto table = quantizer.levels(i / size);
            QCOMPARE(table.size(), static_cast<std::size_t>(levels));
            QVERIFY(std::ranges::is_sorted(table));
            QVERIFY(std::ranges::find(table, rounded[i]) != table.end());
            // Thresholds are floats: at one of them the other level may be nearer by its rounding.
            const double distance = std::abs(double{weights[i]} - rounded[i]);
            for (const double level : table)
                QVERIFY(distance <= std::abs(weights[i] - level) + 1e-7);
        }
    }

    // False alarms: each of 350 means is within 5.5 standard errors with probability 1 - 4e-8.
    void randomRoundingKeepsTheMean_data() { addAll(); }
    void randomRoundingKeepsTheMean() {
        constexpr int kDraws = 400;
        const Parameter parameter = blob(5, 70);
        const auto weights = someWeights(parameter.size(), 4);
        LayerQuantizer quantizer = fetchedFor(parameter);
        quantizer.fit(weights);
        std::vector<double> sums(weights.size());
        std::vector<float> rounded(weights.size()), again(weights.size());
        for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
            const RandomStream stream(9, Purpose::ModelRounding, draw);
            quantizer.round(weights, rounded, stream);
            quantizer.round(weights, again, stream);
            QCOMPARE(rounded, again);
            for (std::size_t i = 0; i < weights.size(); ++i)
                sums[i] += rounded[i];
        }
        const std::size_t size = weights.size() / quantizer.sets();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const auto table = quantizer.levels(i / size);
            const double wanted = std::clamp(weights[i], table.front(), table.back());
            const double error =
                std::sqrt(roundingVariance(std::span(weights).subspan(i, 1), table) / kDraws);
            QVERIFY(std::abs(sums[i] / kDraws - wanted) <= 5.5 * error + 1e-6);
        }
    }

    void stateBringsEverythingBack_data() { addAll(); }
    void stateBringsEverythingBack() {
        const Parameter parameter = blob(3, 64);
        const auto weights = someWeights(parameter.size(), 5);
        LayerQuantizer first = fetchedFor(parameter), second = fetchedFor(parameter);
        first.fit(weights);
        std::vector<float> gradient = someWeights(weights.size(), 6);
        const auto step = [&](LayerQuantizer& quantizer) {
            auto copy = gradient;
            quantizer.backward(weights, copy);
            quantizer.train(0.1, 0.9);
            std::vector<float> rounded(weights.size());
            quantizer.round(weights, rounded);
            rounded.insert(rounded.end(), copy.begin(), copy.end());
            return rounded;
        };
        step(first);
        second.restore(first.state());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(step(first), step(second));
    }

    void gradientsGoStraightThrough_data() { addAll(); }
    void gradientsGoStraightThrough() {
        QFETCH(int, method);
        const Parameter parameter = blob(3, 64);
        const auto weights = someWeights(parameter.size(), 5);
        LayerQuantizer quantizer = fetchedFor(parameter);
        quantizer.fit(weights);
        const auto before = someWeights(weights.size(), 6);
        auto gradient = before;
        quantizer.backward(weights, gradient);
        const std::size_t size = weights.size() / quantizer.sets();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const auto table = quantizer.levels(i / size);
            const bool clipped = static_cast<WeightMethod>(method) == WeightMethod::Lsq &&
                                 (weights[i] < table.front() || weights[i] > table.back());
            QCOMPARE(gradient[i], clipped ? 0.0F : before[i]);
        }
    }

    // By brute force over all choices of inner levels among the values, which has an optimum
    // (docs/method.md#s5-2).
    void optimalLevelsHaveTheLeastVariance() {
        for (std::uint64_t seed = 0; seed < 20; ++seed)
            for (const int levels : {3, 4, 5}) {
                auto weights = someWeights(11, seed);
                std::ranges::sort(weights);
                double least = 1e9;
                for (std::uint32_t chosen = 0; chosen < (1U << 9); ++chosen) {
                    if (std::popcount(chosen) != levels - 2)
                        continue;
                    std::vector<float> table{weights.front()};
                    for (std::size_t i = 0; i < 9; ++i)
                        if ((chosen >> i & 1U) != 0)
                            table.push_back(weights[i + 1]);
                    table.push_back(weights.back());
                    least = std::min(least, roundingVariance(weights, table));
                }
                const auto table = levelsFor(WeightMethod::Optimal, levels, weights);
                QVERIFY(std::abs(roundingVariance(weights, table) - least) <= 1e-7 * least + 1e-12);
            }
    }

    void xnorIsThePublishedRule() {
        const std::vector<float> weights{-0.5F, 0, 0.1F, 0.2F, 1.0F, -0.2F, 0.6F};
        QCOMPARE(levelsFor(WeightMethod::Xnor, 5, weights), (std::vector<float>{-1, -0.5F, 0, 0.5F, 1}));
        const auto binary = levelsFor(WeightMethod::Xnor, 2, weights);
        QVERIFY(std::abs(binary[1] - 2.6 / 7) < 1e-6);
        QCOMPARE(binary[0], -binary[1]);
        LayerQuantizer quantizer(WeightMethod::Xnor, 2, LevelScope::Layer, blob(1, 7));
        const auto rounded = fitAndRound(quantizer, weights);
        for (std::size_t i = 0; i < weights.size(); ++i)
            QCOMPARE(rounded[i] > 0, weights[i] >= 0);
        // Half way between two of five levels: down (u = (t + 1) / 2 * 4 is rounded with ties down).
        LayerQuantizer five(WeightMethod::Xnor, 5, LevelScope::Layer, blob(1, 3));
        QCOMPARE(fitAndRound(five, {1.0F, 0.25F, -0.25F}), (std::vector<float>{1, 0, -0.5F}));
    }

    void heuristicTakesTheBestOfThreeCandidates() {
        std::array<int, 3> taken{};
        for (std::uint64_t seed = 0; seed < 30; ++seed) {
            auto weights = someWeights(1037, seed);
            // From long tails to hardly any, so that each candidate is the best one for some.
            for (float& weight : weights)
                weight = std::copysign(
                    std::pow(std::abs(weight), static_cast<float>(1.5 - 0.05 * static_cast<double>(seed))),
                    weight);
            float most = 0;
            for (const float weight : weights)
                most = std::max(most, std::abs(weight));
            double least = 1e9;
            std::size_t best = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const double k = 0.1 * static_cast<double>(c + 1) * most;
                double error = 0;
                for (const double weight : weights) {
                    double nearest = 1e9;
                    for (const double level : {-3 * k, -k, 0.0, k, 3 * k})
                        nearest = std::min(nearest, (weight - level) * (weight - level));
                    error += nearest;
                }
                if (error < least) {
                    least = error;
                    best = c;
                }
            }
            const auto table = levelsFor(WeightMethod::Heuristic, 5, weights);
            const double k = 0.1 * static_cast<double>(best + 1);
            QVERIFY(std::abs(table[3] - k * most) < 1e-6);
            QVERIFY(std::abs(table[4] - 3 * k * most) < 1e-6);
            QCOMPARE(table[2], 0.0F);
            ++taken[best];
        }
        QVERIFY(std::ranges::min(taken) > 0); // the data reach all three
    }

    // By brute force over all cuts of 11 values; and no other method comes below it on many.
    void lloydMaxHasTheLeastSquaredError() {
        for (std::uint64_t seed = 0; seed < 20; ++seed)
            for (const int levels : {2, 3, 4, 5}) {
                auto weights = someWeights(11, seed);
                std::ranges::sort(weights);
                double least = 1e9;
                for (std::uint32_t cuts = 0; cuts < (1U << 10); ++cuts) {
                    if (std::popcount(cuts) != levels - 1)
                        continue;
                    double error = 0;
                    for (std::size_t begin = 0, end = 1; end <= 11; ++end) {
                        if (end < 11 && (cuts >> (end - 1) & 1U) == 0)
                            continue;
                        double sum = 0, squares = 0;
                        for (std::size_t i = begin; i < end; ++i) {
                            sum += weights[i];
                            squares += double{weights[i]} * weights[i];
                        }
                        error += squares - sum * sum / static_cast<double>(end - begin);
                        begin = end;
                    }
                    least = std::min(least, error);
                }
                LayerQuantizer quantizer(WeightMethod::LloydMax, levels, LevelScope::Layer, blob(1, 11));
                const double error = squaredError(weights, fitAndRound(quantizer, weights));
                QVERIFY(std::abs(error - least) <= 1e-5 * least + 1e-10);
            }
        const auto weights = someWeights(4001, 8);
        for (const auto& entry : weightQuantizers())
            for (const int levels : {3, 5, 8, 16}) {
                if (levels < entry.fewest || levels > entry.most)
                    continue;
                const auto error = [&](WeightMethod method) {
                    LayerQuantizer quantizer(method, levels, LevelScope::Layer, blob(1, 4001));
                    return squaredError(weights, fitAndRound(quantizer, weights));
                };
                QVERIFY(error(WeightMethod::LloydMax) <= error(entry.method));
            }
    }

    // With the loss 1/2 |rounded - w|^2 the step has to come near the one that rounds best.
    void lsqLearnsItsStep() {
        constexpr int kCount = 4001;
        const auto weights = someWeights(kCount, 8);
        LayerQuantizer quantizer(WeightMethod::Lsq, 5, LevelScope::Layer, blob(1, kCount));
        std::vector<float> larger = weights, rounded(weights.size());
        for (float& weight : larger)
            weight *= 3;
        quantizer.fit(larger); // a bad start
        quantizer.round(weights, rounded);
        double best = 1e9;
        for (double step = 0.01; step < 0.5; step *= 1.01) {
            double error = 0;
            for (const double weight : weights) {
                const double level = step * std::clamp(std::nearbyint(weight / step), -2.0, 2.0);
                error += (weight - level) * (weight - level);
            }
            best = std::min(best, error);
        }
        const double before = squaredError(weights, rounded);
        std::vector<float> gradient(kCount);
        for (int i = 0; i < 300; ++i) {
            quantizer.round(weights, rounded);
            for (std::size_t k = 0; k < kCount; ++k)
                gradient[k] = rounded[k] - weights[k];
            quantizer.backward(weights, gradient);
            quantizer.train(0.01, 0.5);
        }
        quantizer.round(weights, rounded);
        QVERIFY(before > 2 * best);
        QVERIFY2(squaredError(weights, rounded) < 1.02 * best,
                 qPrintable(QString::number(squaredError(weights, rounded) / best)));
    }

    void equalWeightsAreKept_data() { addAll(); }
    void equalWeightsAreKept() {
        const Parameter parameter = blob(2, 8);
        LayerQuantizer quantizer = fetchedFor(parameter);
        QCOMPARE(fitAndRound(quantizer, std::vector<float>(16, 0.0F)), std::vector<float>(16, 0.0F));
    }
};

QTEST_GUILESS_MAIN(WeightQuantizerTest)
#include "weight_quantizer_test.moc"
