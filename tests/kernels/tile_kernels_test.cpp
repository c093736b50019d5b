#include "core/base/page_buffer.h"
#include "core/base/random.h"
#include "core/kernels/table_kernels.h"
#include "core/kernels/tile_kernels.h"
#include "core/quant/tile_layout.h"

#include <QtTest>

using namespace zipml;

namespace {

/// Random bits, or the extremes that overflow first.
enum class Fill { Random, Largest };

std::uint32_t word(std::uint32_t index, Purpose purpose) {
    return RandomStream(7, purpose).words(index, 0)[0];
}

struct Problem {
    TileLayout layout;
    std::size_t tiles;
    std::vector<std::uint32_t> codes;   ///< row-major
    std::vector<unsigned char> packed;  ///< with a line to spare
    std::vector<std::int8_t> weights;   ///< by feature
    std::vector<std::int8_t> residuals; ///< by row

    Problem(std::size_t features, int width, std::size_t tileCount, Fill fill)
        : layout(features, width), tiles(tileCount), codes(tiles * kTileRows * features),
          packed(tiles * layout.tileBytes() + kLineBytes), weights(features), residuals(tiles * kTileRows) {
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = fill == Fill::Largest ? (1U << static_cast<unsigned>(width)) - 1U
                                             : word(static_cast<std::uint32_t>(i), Purpose::Synthetic) >>
                                                   static_cast<unsigned>(32 - width);
        for (std::size_t t = 0; t < tiles; ++t)
            layout.packTile(codes.data() + t * kTileRows * features, packed.data() + t * layout.tileBytes());
        const auto signedByte = [fill](std::size_t index, Purpose purpose) {
            if (fill == Fill::Largest)
                return static_cast<std::int8_t>(purpose == Purpose::ModelRounding ? 127 : -127);
            return static_cast<std::int8_t>(
                static_cast<int>(word(static_cast<std::uint32_t>(index), purpose) % 255) - 127);
        };
        for (std::size_t f = 0; f < features; ++f)
            weights[f] = signedByte(f, Purpose::ModelRounding);
        for (std::size_t r = 0; r < residuals.size(); ++r)
            residuals[r] = signedByte(r, Purpose::GradientRounding);
    }
    [[nodiscard]] const TilePart& part() const { return layout.parts()[0]; }
    [[nodiscard]] PartView view() const {
        return {packed.data(), layout.tileBytes(), part().lines,
                layout.features() - part().lines * part().lineFeatures()};
    }
    [[nodiscard]] std::size_t slotCount() const { return (part().lines + 1) * part().lineFeatures(); }
};

} // namespace

class TileKernelsTest : public QObject {
    Q_OBJECT
  private slots:
    void everyIsa_data() {
        QTest::addColumn<int>("isa");
        for (const Isa isa : availableIsas())
            QTest::newRow(nameOf(isa).data()) << static_cast<int>(isa);
    }

    // Both inner loops, on every instruction set, equal the sums over the codes taken one by one: at all
    // widths, at shapes around whole words, columns and lines, with the largest codes and weights, with sums
    // to start from.
    void everyIsa() {
        QFETCH(int, isa);
        for (const int width : {1, 2, 4, 8})
            for (const std::size_t features : {1, 3, 4, 7, 8, 15, 31, 32, 33, 90, 127, 129, 1024, 1031})
                for (const std::size_t tiles : {1, 2, 3, 8, 21})
                    for (const Fill fill : {Fill::Random, Fill::Largest}) {
                        if (features > 200 && tiles > 8)
                            continue;
                        const Problem problem(features, width, tiles, fill);
                        const auto& kernels = tileKernels(static_cast<Isa>(isa), width);
                        FetchCursor nothing;
                        const std::size_t rows = tiles * kTileRows;
                        std::vector<std::int32_t> wantedSums(rows, 5), wantedGradient(features, -3);
                        for (std::size_t r = 0; r < rows; ++r)
                            for (std::size_t f = 0; f < features; ++f) {
                                const auto code = static_cast<std::int32_t>(problem.codes[r * features + f]);
                                wantedSums[r] += code * problem.weights[f];
                                wantedGradient[f] += code * problem.residuals[r];
                            }
                        std::vector<std::int8_t> model(problem.slotCount(), 0);
                        for (std::size_t f = 0; f < features; ++f)
                            model[problem.part().slot(f)] = problem.weights[f];
                        std::vector<std::int32_t> sums(rows, 5), gradient(problem.slotCount() + 16, -3);
                        const std::size_t lines = problem.part().lines + 1;
                        PageBuffer tables(lines * kModelTableBytes);
                        if (kernels.buildTables != nullptr)
                            kernels.buildTables(lines, model.data(), tables.data());
                        kernels.dot(problem.view(), tiles, {model.data(), tables.data()}, sums.data(),
                                    nothing);
                        kernels.add(problem.view(), tiles, problem.residuals.data(), gradient.data(),
                                    nothing);
                        QCOMPARE(sums, wantedSums);
                        for (std::size_t f = 0; f < features; ++f)
                            QCOMPARE(gradient[problem.part().slot(f)], wantedGradient[f]);
                        QCOMPARE(gradient.back(), -3);
                    }
    }

    // The same with tables: each code stands for a 16-bit number of its feature's own.
    void tablesOnEveryIsa_data() { everyIsa_data(); }
    void tablesOnEveryIsa() {
        QFETCH(int, isa);
        for (const int width : {1, 2, 4})
            for (const std::size_t features : {1, 3, 8, 15, 33, 90, 129, 520})
                for (const std::size_t tiles : {1, 5, 8}) {
                    const Problem problem(features, width, tiles, Fill::Random);
                    const std::size_t count = problem.slotCount();
                    std::vector<unsigned char> low(16 * count + 64), high(16 * count + 64);
                    for (std::size_t i = 0; i < 16 * count; ++i) {
                        const auto entry = word(static_cast<std::uint32_t>(i), Purpose::Split);
                        low[i] = static_cast<unsigned char>(entry);
                        high[i] = static_cast<unsigned char>(entry >> 8U);
                    }
                    const auto entryOf = [&](const std::vector<unsigned char>& table, std::size_t r,
                                             std::size_t f) {
                        return std::int32_t{
                            table[16 * problem.part().slot(f) + problem.codes[r * features + f]]};
                    };
                    const std::size_t rows = tiles * kTileRows;
                    std::vector<std::int8_t> model(count, 0);
                    std::vector<std::int32_t> lowDot(rows, 1), highDot(rows, 2), lowAdd(count + 16),
                        highAdd(count + 16);
                    std::vector<std::int32_t> wantedLowDot(rows, 1), wantedHighDot(rows, 2);
                    std::vector<std::int32_t> wantedLowAdd(features), wantedHighAdd(features);
                    for (std::size_t f = 0; f < features; ++f)
                        model[problem.part().slot(f)] = problem.weights[f];
                    for (std::size_t r = 0; r < rows; ++r)
                        for (std::size_t f = 0; f < features; ++f) {
                            wantedLowDot[r] += entryOf(low, r, f) * problem.weights[f];
                            wantedHighDot[r] += entryOf(high, r, f) * problem.weights[f];
                            wantedLowAdd[f] += entryOf(low, r, f) * problem.residuals[r];
                            wantedHighAdd[f] += entryOf(high, r, f) * problem.residuals[r];
                        }
                    const auto& kernels = tableKernels(static_cast<Isa>(isa), width);
                    FetchCursor nothing;
                    const LevelTables tables{low.data(), high.data()};
                    kernels.dot(problem.view(), tiles, tables, model.data(), lowDot.data(), highDot.data(),
                                nothing);
                    kernels.add(problem.view(), tiles, tables, problem.residuals.data(), lowAdd.data(),
                                highAdd.data(), nothing);
                    QCOMPARE(lowDot, wantedLowDot);
                    QCOMPARE(highDot, wantedHighDot);
                    for (std::size_t f = 0; f < features; ++f) {
                        QCOMPARE(lowAdd[problem.part().slot(f)], wantedLowAdd[f]);
                        QCOMPARE(highAdd[problem.part().slot(f)], wantedHighAdd[f]);
                    }
                }
    }
};

QTEST_APPLESS_MAIN(TileKernelsTest)
#include "tile_kernels_test.moc"
