#include "core/kernels/double_row_kernels.h"

#include <QtTest>

#include <random>
#include <vector>

using namespace zipml;

namespace {

std::vector<double> numbers(std::size_t count, std::uint32_t seed) {
    std::mt19937 draw(seed);
    std::uniform_real_distribution<double> between(-3, 3);
    std::vector<double> values(count);
    for (double& value : values)
        value = between(draw);
    return values;
}

} // namespace

class DoubleRowKernelsTest : public QObject {
    Q_OBJECT
  private slots:
    void scoresAndSums_data() {
        QTest::addColumn<int>("size");
        for (const int size : {1, 2, 7, 8, 15, 16, 17, 31, 33, 100, 1001})
            QTest::addRow("%d", size) << size;
    }
    /// Near the definition in long double, and the same bits on every set.
    void scoresAndSums() {
        QFETCH(int, size);
        const auto n = static_cast<std::size_t>(size);
        const auto drawn = numbers(n, 1);
        const std::vector<float> row(drawn.begin(), drawn.end());
        const auto shift = numbers(n, 2);
        const auto weights = numbers(n, 3);
        long double score = 0;
        for (std::size_t i = 0; i < n; ++i)
            score += (static_cast<long double>(row[i]) - shift[i]) * weights[i];
        const double first = kDoubleRowsScalar.score(row.data(), shift.data(), weights.data(), n);
        QVERIFY(std::abs(first - static_cast<double>(score)) <= 1e-14 * 36 * size);
        const double firstDot = kDoubleRowsScalar.dot(row.data(), weights.data(), n);
        long double dot = 0;
        for (std::size_t i = 0; i < n; ++i)
            dot += static_cast<long double>(row[i]) * weights[i];
        QVERIFY(std::abs(firstDot - static_cast<double>(dot)) <= 1e-14 * 9 * size);
        for (const Isa isa : availableIsas()) {
            QVERIFY(doubleRowKernels(isa).dot(row.data(), weights.data(), n) == firstDot);
            std::vector<double> scaled = numbers(n, 4);
            doubleRowKernels(isa).addScaled(row.data(), 0.7, n, scaled.data());
            for (std::size_t i = 0; i < n; ++i)
                QVERIFY(scaled[i] == numbers(n, 4)[i] + 0.7 * double{row[i]});
            QVERIFY(doubleRowKernels(isa).score(row.data(), shift.data(), weights.data(), n) == first);
            std::vector<double> total = numbers(n, 4);
            const auto before = total;
            doubleRowKernels(isa).addRow(row.data(), shift.data(), 0.7, n, total.data());
            for (std::size_t i = 0; i < n; ++i)
                QVERIFY(total[i] == before[i] + 0.7 * (double{row[i]} - shift[i]));
        }
    }

    void productsOfColumns() {
        constexpr std::size_t kRows = 13, kPanels = 3, kAll = kPanels * kPanelColumns;
        const auto columns = numbers(kRows * kAll, 5);
        const auto at = [&](std::size_t row, std::size_t column) {
            return columns[(column / kPanelColumns * kRows + row) * kPanelColumns + column % kPanelColumns];
        };
        for (const Isa isa : availableIsas()) {
            std::vector<double> gram = numbers(kAll * kAll, 6);
            const auto before = gram;
            doubleRowKernels(isa).addProducts(columns.data(), kRows, kPanels, gram.data());
            for (std::size_t j = 0; j < kAll; ++j)
                for (std::size_t i = j; i < kAll; ++i) {
                    double sum = 0;
                    for (std::size_t row = 0; row < kRows; ++row)
                        sum += at(row, i) * at(row, j);
                    QVERIFY(gram[j * kAll + i] == before[j * kAll + i] + sum);
                }
        }
    }
};

QTEST_GUILESS_MAIN(DoubleRowKernelsTest)
#include "double_row_kernels_test.moc"
