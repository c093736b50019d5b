#include "core/base/random.h"
#include "core/base/shuffle.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace zipml;

class RandomTest : public QObject {
    Q_OBJECT
  private slots:
    // Random123's known answers for philox4x32-10; counter and key as RandomStream lays them out.
    void matchesKnownAnswers() {
        const RandomStream stream(0x299f31d0a4093822ULL, static_cast<Purpose>(0x0370), 0x13198a2eU, 0x7344);
        const RandomWords expected{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U};
        QCOMPARE(stream.words(0x243f6a88U, 0x85a308d3U), expected);
    }

    // 400,000 draws; limits at 5 standard errors, so a false alarm has probability below 1e-6 a check.
    void uniformsAndNormalsHaveTheirMoments() {
        const RandomStream stream(7, Purpose::Synthetic);
        constexpr int kDraws = 400'000;
        double sum = 0, normalSum = 0, normalSquares = 0;
        for (std::uint32_t i = 0; i < kDraws / 4; ++i)
            for (std::uint32_t c = 0; c < 4; ++c) {
                const double u = stream.uniform(i, c);
                QVERIFY(u >= 0 && u < 1);
                sum += u;
                const double z = stream.normals(i, 1)[c];
                normalSum += z;
                normalSquares += z * z;
            }
        QVERIFY(std::abs(sum / kDraws - 0.5) < 5 * std::sqrt(1.0 / 12 / kDraws));
        QVERIFY(std::abs(normalSum / kDraws) < 5 * std::sqrt(1.0 / kDraws));
        QVERIFY(std::abs(normalSquares / kDraws - 1) < 5 * std::sqrt(2.0 / kDraws));
    }

    // Streams that differ in one part of their key are uncorrelated (5 standard errors).
    void streamsAreIndependent_data() {
        QTest::addColumn<quint64>("seed");
        QTest::addColumn<int>("purpose");
        QTest::addColumn<quint32>("epoch");
        QTest::addColumn<int>("copy");
        QTest::newRow("seed") << quint64{2} << 1 << quint32{1} << 0;
        QTest::newRow("purpose") << quint64{1} << 2 << quint32{1} << 0;
        QTest::newRow("epoch") << quint64{1} << 1 << quint32{2} << 0;
        QTest::newRow("copy") << quint64{1} << 1 << quint32{1} << 1;
    }
    void streamsAreIndependent() {
        QFETCH(quint64, seed);
        QFETCH(int, purpose);
        QFETCH(quint32, epoch);
        QFETCH(int, copy);
        const RandomStream base(1, Purpose::SampleRounding, 1, 0);
        const RandomStream other(seed, static_cast<Purpose>(purpose), epoch,
                                 static_cast<std::uint16_t>(copy));
        constexpr int kDraws = 100'000;
        double product = 0;
        for (std::uint32_t i = 0; i < kDraws; ++i)
            product += (base.uniform(i, 3) - 0.5) * (other.uniform(i, 3) - 0.5);
        QVERIFY(std::abs(product / kDraws) < 5.0 / 12 / std::sqrt(double{kDraws}));
    }

    void shuffleIsAPermutationAndUniform() {
        for (const std::size_t count : {0UL, 1UL, 2UL, 1000UL}) {
            const auto order = shuffledIndices(count, 3, Purpose::Shuffle, 1);
            QCOMPARE(std::set(order.begin(), order.end()).size(), count);
        }
        // Where element 0 of 4 lands, over 40,000 shuffles: chi-squared with 3 degrees of freedom, limit for
        // 1e-6.
        std::array<int, 4> landed{};
        for (std::uint32_t epoch = 0; epoch < 40'000; ++epoch) {
            const auto order = shuffledIndices(4, 9, Purpose::Shuffle, epoch);
            ++landed[static_cast<std::size_t>(std::ranges::find(order, 0U) - order.begin())];
        }
        double chi = 0;
        for (const int count : landed)
            chi += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
        QVERIFY(chi < 30.7);
        QVERIFY(shuffledIndices(100, 3, Purpose::Shuffle, 1) != shuffledIndices(100, 3, Purpose::Shuffle, 2));
    }
};

QTEST_APPLESS_MAIN(RandomTest)
#include "random_test.moc"
