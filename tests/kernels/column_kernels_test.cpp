// Products of bytes with columns of 8-bit integers, and numbers in digits, on every instruction set against sums
// in 64 bits.

#include "core/kernels/column_kernels.h"
#include "core/kernels/vector_kernels.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace zipml;

namespace {

constexpr std::size_t kRows = 16, kLine = 64;

struct Planes {
    std::size_t lines, tiles;
    ByteRange range;
    std::vector<unsigned char> bytes;

    Planes(std::size_t ofLines, std::size_t ofTiles, ByteRange ofRange, std::mt19937& random)
        : lines(ofLines), tiles(ofTiles), range(ofRange), bytes(lines * tiles * kLine) {
        for (auto& byte :
             bytes) // the bits that do not count are anything, and the largest number is frequent
            do
                byte = static_cast<unsigned char>(random() % 4 == 0 ? range.most : random());
            while ((byte & range.mask) > range.most);
    }
    [[nodiscard]] const unsigned char* tile(std::size_t t) const { return bytes.data() + t * lines * kLine; }
    [[nodiscard]] int at(std::size_t t, std::size_t row, std::size_t f) const {
        return tile(t)[f / 4 * kLine + 4 * row + f % 4] & range.mask;
    }
    [[nodiscard]] PlaneTiles view() const {
        PlaneTiles view{{}, tiles, lines, range};
        for (std::size_t t = 0; t < tiles; ++t)
            view.at[t] = tile(t);
        return view;
    }
};

/// The largest of either sign among them.
std::vector<std::int8_t> integers(std::size_t count, std::mt19937& random) {
    std::vector<std::int8_t> all(count);
    for (auto& each : all)
        each = static_cast<std::int8_t>(random() % 3 == 0 ? (random() % 2 == 0 ? 127 : -127)
                                                          : static_cast<int>(random() % 255) - 127);
    return all;
}

constexpr ByteRange kRanges[] = {{0xFF, 1},  {0xFF, 2},   {0xFF, 15},  {0xFF, 30},  {0xFF, 32}, {0xFF, 33},
                                 {0xFF, 62}, {0xFF, 127}, {0xFF, 254}, {0xFF, 255}, {1, 1},     {4, 4},
                                 {32, 32},   {64, 64},    {128, 128},  {0x7F, 127}, {0xFF, 0}};

} // namespace

class ColumnKernelsTest : public QObject {
    Q_OBJECT
  private slots:
    void sumsAreExact() {
        std::mt19937 random(1);
        for (const ByteRange range : kRanges)
            for (const std::size_t lines : {1, 2, 3, 5, 9, 40})
                for (const std::size_t models : {1, 2, 3, 10})
                    for (const std::size_t tiles : {1, 2, 5}) {
                        const Planes planes(lines, tiles, range, random);
                        const std::size_t count = kDigits * models;
                        const auto columns = integers(4 * lines * count, random);
                        const auto factors = integers(kRows * tiles * count, random);
                        const QString at = QString("most %1, %2 lines, %3 models, %4 tiles")
                                               .arg(range.most)
                                               .arg(lines)
                                               .arg(models)
                                               .arg(tiles);
                        for (const Isa isa : availableIsas())
                            check(columnKernels(isa), planes, models, columns, factors,
                                  at + " " + nameOf(isa).data());
                    }
    }

    // 21 bits and a sign of the largest number, the same on every instruction set.
    void digitsAreAsFineAsFloats() {
        for (const std::size_t n : {1, 8, 15, 16, 17, 40, 1000, 3000}) {
            std::vector<double> weights(n), middle((n + 15) / 16 * 16);
            std::vector<float> slope((n + 15) / 16 * 16), factors((n + 15) / 16 * 16);
            double largest = 0;
            for (std::size_t i = 0; i < n; ++i) {
                weights[i] = std::sin(static_cast<double>(i) + 1) * (i % 7 == 0 ? 1e-4 : 3);
                slope[i] = 0.5F + static_cast<float>(i % 3);
                middle[i] = std::cos(static_cast<double>(i));
                factors[i] = static_cast<float>(weights[i]);
                largest = std::max(largest, std::abs(weights[i] * static_cast<double>(slope[i])));
            }
            std::vector<std::int8_t> first;
            for (const Isa isa : availableIsas()) {
                const VectorKernels& loops = vectorKernels(isa);
                constexpr std::size_t kStride = 20; // other models' columns lie between
                std::vector<std::int8_t> columns((n + 15) / 16 * 4 * kStride);
                const DigitNumbers found = loops.modelDigits(weights.data(), slope.data(), middle.data(), 0,
                                                             n, columns.data(), kStride);
                double sum = 0, shared = 0;
                for (std::size_t i = 0; i < n; ++i) {
                    const std::int8_t* at = columns.data() + i / 4 * kStride + i % 4;
                    const double number = found.unit * (16'384.0 * at[0] + 128.0 * at[4] + at[8]);
                    const double wanted = weights[i] * static_cast<double>(slope[i]);
                    QVERIFY(std::abs(number - wanted) <= 0.6 * found.unit + 1e-6 * std::abs(wanted));
                    sum += number;
                    shared += middle[i] * weights[i];
                }
                QVERIFY(found.unit * kMostInDigits >= largest * (1 - 1e-6));
                QVERIFY(found.unit * kMostInDigits < 1.02 * largest);
                QVERIFY(std::abs(sum - found.unit * static_cast<double>(found.sum)) <
                        1e-9 * largest * static_cast<double>(n));
                QVERIFY(std::abs(shared - found.shared) < 1e-9 * static_cast<double>(n));
                const float most = loops.largest(factors.data(), factors.size());
                std::vector<std::int8_t> rows(factors.size() / 16 * 100);
                const DigitNumbers ofRows =
                    loops.factorDigits(factors.data(), most, factors.size(), rows.data(), 100);
                for (std::size_t i = 0; i < n; ++i) {
                    const std::int8_t* at = rows.data() + i / 16 * 100 + i % 16;
                    const double number = ofRows.unit * (16'384.0 * at[0] + 128.0 * at[16] + at[32]);
                    QVERIFY(std::abs(number - static_cast<double>(factors[i])) <= 0.7 * ofRows.unit);
                }
                columns.insert(columns.end(), rows.begin(), rows.end());
                if (first.empty())
                    first = columns;
                QVERIFY2(columns == first, nameOf(isa).data());
            }
        }
    }

    void nothingAndOverflowHaveDigits() {
        const std::vector<float> ones(16, 1.0F);
        const std::vector<double> middle(16);
        for (const Isa isa : availableIsas())
            for (const double weight : {0.0, 1e-320, 1e300, std::numeric_limits<double>::infinity(),
                                        std::numeric_limits<double>::quiet_NaN()}) {
                const std::vector<double> weights(16, weight);
                std::vector<std::int8_t> columns(4 * 12);
                const DigitNumbers found = vectorKernels(isa).modelDigits(
                    weights.data(), ones.data(), middle.data(), 0, 16, columns.data(), 12);
                if (std::abs(weight) < 1)
                    QVERIFY(found.unit * static_cast<double>(found.sum) == 0);
            }
    }

  private:
    static void check(const ColumnKernels& kernels, const Planes& planes, std::size_t models,
                      const std::vector<std::int8_t>& columns, const std::vector<std::int8_t>& factors,
                      const QString& at) {
        const std::size_t count = kDigits * models;
        std::vector<std::int32_t> sums(count * kRows, -1);
        kernels.dot(planes.tile(0), planes.lines, planes.range, columns.data(), count, sums.data());
        for (std::size_t c = 0; c < count; ++c)
            for (std::size_t row = 0; row < kRows; ++row) {
                std::int64_t wanted = 0;
                for (std::size_t f = 0; f < 4 * planes.lines; ++f)
                    wanted += planes.at(0, row, f) * columns[4 * (f / 4 * count + c) + f % 4];
                QVERIFY2(sums[kRows * c + row] == wanted, qPrintable(at));
            }
        constexpr std::int32_t kUntouched = 77;
        std::vector<std::vector<std::int32_t>> added(
            count, std::vector<std::int32_t>(4 * planes.lines + 1, kUntouched));
        std::vector<std::int32_t*> to;
        for (auto& each : added)
            to.push_back(each.data());
        kernels.add(planes.view(), factors.data(), count, to.data());
        std::vector<std::vector<double>> totals(models, std::vector<double>(4 * planes.lines + 1, 0.5));
        std::vector<double*> totalsAt;
        std::vector<double> units;
        for (auto& each : totals) {
            totalsAt.push_back(each.data());
            units.push_back(std::exp2(-static_cast<double>(units.size())));
        }
        kernels.addDigits(planes.view(), factors.data(), models, units.data(), totalsAt.data());
        for (std::size_t f = 0; f < 4 * planes.lines; ++f) {
            std::vector<std::int64_t> wanted(count);
            for (std::size_t c = 0; c < count; ++c)
                for (std::size_t t = 0; t < planes.tiles; ++t)
                    for (std::size_t row = 0; row < kRows; ++row)
                        wanted[c] += planes.at(t, row, f) * factors[kRows * (t * count + c) + row];
            for (std::size_t c = 0; c < count; ++c)
                QVERIFY2(added[c][f] == wanted[c], qPrintable(at));
            for (std::size_t m = 0; m < models; ++m) {
                const double sum = static_cast<double>(
                    16'384 * wanted[kDigits * m] + 128 * wanted[kDigits * m + 1] + wanted[kDigits * m + 2]);
                QVERIFY2(totals[m][f] == 0.5 + units[m] * sum, qPrintable(at));
            }
        }
        for (const auto& each : added)
            QVERIFY2(each.back() == kUntouched, qPrintable(at));
        for (const auto& each : totals)
            QVERIFY2(each.back() == 0.5, qPrintable(at));
    }
};

QTEST_APPLESS_MAIN(ColumnKernelsTest)
#include "column_kernels_test.moc"
