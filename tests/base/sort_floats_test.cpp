// The radix sort against the standard library's.

#include "core/base/random.h"
#include "core/base/sort_floats.h"

#include <QtTest>

#include <bit>
#include <limits>

using namespace zipml;

namespace {

/// Any bits but NaN: all magnitudes and both signs, infinities and subnormals among them.
std::vector<float> anyFloats(std::size_t count) {
    const RandomStream stream(3, Purpose::Synthetic, 9);
    std::vector<float> values;
    for (std::uint32_t i = 0; values.size() < count; ++i)
        for (const std::uint32_t word : stream.words(i, 0))
            if (const auto value = std::bit_cast<float>(word); value == value)
                values.push_back(value);
    values.resize(count);
    return values;
}

} // namespace

class SortFloatsTest : public QObject {
    Q_OBJECT
  private slots:
    void equalsTheStandardSort() {
        ThreadTeam one(1), many(3);
        for (const std::size_t count : {0UL, 1UL, 2UL, 19'999UL, 20'000UL, 20'001UL, 300'007UL}) {
            auto values = anyFloats(count);
            if (count > 100)
                for (std::size_t i = 0; i < count; i += 7)
                    values[i] = i % 2 == 0 ? 0.0F : -std::numeric_limits<float>::infinity();
            auto wanted = values;
            auto again = values;
            std::ranges::sort(wanted);
            sortFloats(values, one);
            sortFloats(again, many);
            QVERIFY(values == wanted); // by value: -0 equals 0
            QVERIFY(again == wanted);
        }
    }

    void stops() {
        ThreadTeam team(1);
        std::stop_source stop;
        stop.request_stop();
        auto values = anyFloats(100'000);
        QVERIFY_EXCEPTION_THROWN(sortFloats(values, team, {stop.get_token(), {}}), Cancelled);
    }
};

QTEST_APPLESS_MAIN(SortFloatsTest)
#include "sort_floats_test.moc"
