#include "accel/fpga/line_layout.h"
#include "core/base/error.h"
#include "core/base/random.h"

#include <QtTest>
#include <bit>
#include <cmath>

using namespace zipml;

namespace {

std::vector<float> values(const FpgaDesign& design, std::size_t count, std::uint32_t salt) {
    const RandomStream stream(3, Purpose::Synthetic, salt);
    std::vector<float> result(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto u = static_cast<float>(stream.uniform(0, static_cast<std::uint32_t>(i)));
        result[i] = design.unitRange ? u : 2 * u - 1;
    }
    return result;
}

} // namespace

class LineLayoutTest : public QObject {
    Q_OBJECT
  private slots:
    /// docs/method.md#s8-4, "lines per sample", derived there from the published packing code; features with
    /// the bias.
    void linesPerRowArePublished() {
        struct Row {
            std::size_t features;
            std::array<std::size_t, 5> lines; ///< float, Q8, Q4, Q2, Q1
        };
        for (const auto& [features, lines] :
             {Row{8, {1, 1, 1, 1, 1}}, Row{12, {1, 1, 1, 1, 1}}, Row{90, {6, 3, 2, 1, 1}},
              Row{100, {7, 4, 2, 1, 1}}, Row{780, {49, 25, 13, 7, 4}}, Row{1000, {63, 32, 16, 8, 4}},
              Row{2000, {126, 63, 32, 16, 8}}, Row{5000, {313, 157, 79, 40, 20}}}) {
            const std::array<int, 5> widths{32, 8, 4, 2, 1};
            for (std::size_t i = 0; i < widths.size(); ++i)
                QCOMPARE(fpgaLinesPerRow({widths[i], true}, features + 1), lines[i]);
        }
    }

    /// Both samples are neighbours of the value, the label is where it belongs, and the rest is zero.
    void packedRowsReadBack() {
        for (const FpgaDesign& design : fpgaDesigns()) {
            for (const std::size_t features : {1U, 15U, 16U, 30U, 31U, 90U, 240U, 241U, 8192U}) {
                const std::size_t rows = features > 1000 ? 2 : 5;
                const auto data = values(design, rows * features, 1);
                std::vector<float> labels(rows);
                for (std::size_t r = 0; r < rows; ++r)
                    labels[r] = static_cast<float>(r) * -1.5F;
                const FpgaLines lines = packFpgaLines(design, data, labels, features, 5);
                QCOMPARE(lines.words.size(), rows * lines.linesPerRow * kFpgaLineWords);
                for (std::size_t r = 0; r < rows; ++r)
                    checkRow(lines, r, std::span(data).subspan(r * features, features), labels[r]);
            }
        }
    }

    void topLevelIsPlusOne() {
        for (const FpgaDesign& design : fpgaDesigns()) {
            if (design.isFloat())
                continue;
            const FpgaLines lines =
                packFpgaLines(design, std::vector<float>{1.0F, 0.0F, 1.0F}, std::vector<float>{0.0F}, 3, 1);
            for (int copy = 0; copy < 2; ++copy) {
                QCOMPARE(lines.code(0, 0, copy), 1 << design.shift());
                QCOMPARE(lines.code(0, 1, copy), 0);
            }
        }
    }

    /// Unbiased, and the two samples independent: E q1 = E q2 = v, E q1 q2 = v^2 (docs/method.md#s12-1),
    /// within 5 standard errors.
    void samplesAreUnbiasedAndIndependent() {
        constexpr std::size_t kRows = 20'000;
        const float value = 0.3F;
        for (const FpgaDesign& design : fpgaDesigns()) {
            if (design.isFloat())
                continue;
            const FpgaLines lines = packFpgaLines(design, std::vector<float>(kRows, value),
                                                  std::vector<float>(kRows, 0.0F), 1, 11);
            double first = 0, second = 0, product = 0;
            for (std::size_t r = 0; r < kRows; ++r) {
                const double a = std::ldexp(lines.code(r, 0, 0), -design.shift());
                const double b = std::ldexp(lines.code(r, 0, 1), -design.shift());
                first += a / kRows;
                second += b / kRows;
                product += a * b / kRows;
            }
            const double bound = 5 * std::ldexp(0.5, -design.shift()) / std::sqrt(1.0 * kRows);
            QVERIFY(std::abs(first - value) < bound);
            QVERIFY(std::abs(second - value) < bound);
            QVERIFY(std::abs(product - value * value) < 2 * bound);
        }
    }

    void epochsAreRoundedAnew() {
        const std::vector<float> data(500, 0.4F), labels(5, 0.0F);
        const FpgaDesign design{4, true};
        QCOMPARE(packFpgaLines(design, data, labels, 100, 1, 0).words,
                 packFpgaLines(design, data, labels, 100, 1, 0).words);
        QVERIFY(packFpgaLines(design, data, labels, 100, 1, 0).words !=
                packFpgaLines(design, data, labels, 100, 1, 1).words);
    }

    void whatDoesNotFitIsSaid() {
        const auto message = [](const FpgaDesign& design, std::vector<float> data, std::vector<float> labels,
                                std::size_t features) -> QString {
            try {
                packFpgaLines(design, data, labels, features, 1);
            } catch (const InputError& error) {
                return error.what();
            }
            return "accepted";
        };
        QCOMPARE(message({8, true}, {0, 0, 0, -0.5F}, {0, 0}, 2),
                 "row 2, feature 2: -0.500000 is outside [0, 1]; scale the columns first");
        QCOMPARE(message({8, false}, {0, NAN}, {0, 0}, 1),
                 "row 2, feature 1: nan is outside [-1, 1]; scale the columns first");
        QCOMPARE(message({8, true}, {0}, {256}, 1),
                 "row 1, label: 256.000000 does not fit Q8.23 fixed point, which spans [-256, 256); scale it "
                 "first");
        QVERIFY(message({8, true}, std::vector<float>(8193), {0}, 8193).contains("1 to 8192 features"));
        QVERIFY(message({8, true}, {0, 0, 0}, {0}, 2).contains("3 values are not 1 rows of 2 features"));
    }

    void labelsAreTruncatedTowardZero() {
        QCOMPARE(toFpgaFixed(1.0F), 1 << 23);
        QCOMPARE(toFpgaFixed(0x1.8p-23F), 1);
        QCOMPARE(toFpgaFixed(-0x1.8p-23F), -1);
        QCOMPARE(toFpgaFixed(-256.0F), std::numeric_limits<std::int32_t>::min());
    }

  private:
    static void checkRow(const FpgaLines& lines, std::size_t r, std::span<const float> row, float label) {
        const bool isFloat = lines.design.isFloat();
        QCOMPARE(lines.labelWord(r), isFloat ? std::bit_cast<std::uint32_t>(label)
                                             : static_cast<std::uint32_t>(toFpgaFixed(label)));
        const double level = std::ldexp(1.0, -lines.design.shift());
        for (std::size_t f = 0; f < row.size(); ++f) {
            if (isFloat) {
                QCOMPARE(std::bit_cast<float>(lines.row(r)[f]), row[f]);
                continue;
            }
            for (int copy = 0; copy < 2; ++copy)
                QVERIFY(std::abs(lines.code(r, f, copy) * level - static_cast<double>(row[f])) < level);
        }
        const std::size_t valueBits = isFloat ? 32 : 2 * static_cast<std::size_t>(lines.design.bits);
        const std::size_t words = lines.linesPerRow * kFpgaLineWords - 1;
        for (std::size_t w = (valueBits * row.size() + 31) / 32; w < words; ++w)
            QCOMPARE(lines.row(r)[w], 0U);
    }
};

QTEST_APPLESS_MAIN(LineLayoutTest)
#include "line_layout_test.moc"
