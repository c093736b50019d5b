// Which of a value's roundings are the upper ones: every set equally often, in the store's rows and in the
// kernels the same.

#include "core/quant/copy_choice.h"
#include "core/quant/sample_store.h"
#include "tests/support/random_data.h"

#include <QtTest>

#include <bit>
#include <cstring>
#include <map>

using namespace zipml;

class CopyChoiceTest : public QObject {
    Q_OBJECT
  private slots:
    void everySetIsEquallyLikely() {
        for (int copies = 3; copies <= 8; ++copies) {
            const CopyChoice choice(copies);
            for (std::uint32_t ups = 0; ups < static_cast<std::uint32_t>(copies); ++ups) {
                std::map<unsigned, int> seen;
                for (std::uint32_t draw = 0; draw < 65'536; ++draw)
                    ++seen[choice.chosen(ups, draw >> 8U, draw & 0xFFU)];
                for (const auto& [set, times] : seen) {
                    QCOMPARE(static_cast<std::uint32_t>(std::popcount(set)), ups);
                    QVERIFY(set < 1U << copies);
                    QVERIFY(std::abs(times - 65'536.0 / static_cast<double>(seen.size())) < 1);
                }
                double sets = 1; // the binomial coefficient
                for (std::uint32_t i = 0; i < ups; ++i)
                    sets = sets * (copies - i) / (i + 1);
                QCOMPARE(static_cast<double>(seen.size()), sets);
            }
        }
    }

    void kernelsChooseTheSame() {
        constexpr std::size_t kLines = 9, kSize = 64 * kLines;
        std::vector<unsigned char> codes(kSize), own(kSize), shared(4 * kLines);
        for (int copies = 3; copies <= 8; ++copies) {
            const CopyChoice choice(copies);
            for (std::size_t i = 0; i < kSize; ++i) {
                codes[i] = static_cast<unsigned char>(i % 256);
                own[i] = static_cast<unsigned char>(i * 151 + 7);
            }
            for (std::size_t i = 0; i < shared.size(); ++i)
                shared[i] = static_cast<unsigned char>(i * 83 + 5);
            for (const Isa isa : availableIsas()) {
                auto lower = codes;
                std::vector<unsigned char> ups(kSize);
                copyKernels(isa).divide(choice.tables(), kSize, lower.data(), ups.data());
                const auto count = ups;
                copyKernels(isa).choose(choice.tables(), kLines, own.data(), shared.data(), ups.data());
                for (std::size_t i = 0; i < kSize; ++i) {
                    QCOMPARE(int{lower[i]}, codes[i] / copies);
                    QCOMPARE(int{count[i]}, codes[i] % copies);
                    QCOMPARE(unsigned{ups[i]}, choice.chosen(count[i], own[i], shared[i / 64 * 4 + i % 4]));
                }
            }
        }
    }

    // Parts of every width and what whole lines leave over.
    void kernelsUnpackAsTheLayoutDoes() {
        for (const std::size_t features : {1UL, 5UL, 31UL, 32UL, 90UL}) {
            for (int bits = 1; bits <= 8; ++bits) {
                const TileLayout layout(features, bits);
                std::vector<std::uint32_t> codes(kTileRows * features);
                for (std::size_t i = 0; i < codes.size(); ++i)
                    codes[i] = static_cast<std::uint32_t>(i * 2'654'435'761U >> 7U) & ((1U << bits) - 1U);
                std::vector<unsigned char> tile(layout.tileBytes() + 64);
                layout.packTile(codes.data(), tile.data());
                const std::size_t lines = (features + 3) / 4;
                for (const Isa isa : availableIsas()) {
                    std::vector<unsigned char> bytes(64 * lines, 0xFF);
                    bool adds = false;
                    for (const TilePart& part : layout.parts()) {
                        copyKernels(isa).unpack({part.width, part.lines, features}, tile.data() + part.offset,
                                                part.shift, adds, bytes.data());
                        adds = true;
                    }
                    for (std::size_t row = 0; row < kTileRows; ++row)
                        for (std::size_t f = 0; f < 4 * lines; ++f)
                            QCOMPARE(std::uint32_t{bytes[f / 4 * 64 + 4 * row + f % 4]},
                                     f < features ? codes[row * features + f] : 0U);
                }
            }
        }
    }

    // What the store hands out row by row is what a tile's draws choose.
    void rowsAreThoseOfTheTiles() {
        constexpr std::size_t kRows = 40, kFeatures = 7;
        constexpr int kCopies = 5;
        const auto data = test::randomData(kRows, kFeatures, 3);
        ThreadTeam team(1);
        SampleStore store(kRows, test::uniformGrids(data, 3), {3, kCopies, Rounding::Stochastic, 9});
        store.build(data, 0, team);
        const CopyChoice choice(kCopies);
        const ChoiceDraws draws(kFeatures);
        std::vector<std::uint32_t> words(draws.words());
        std::vector<unsigned char> bytes(words.size() * sizeof(std::uint32_t));
        std::vector<double> values(kCopies * kFeatures);
        for (std::uint32_t row = 0; row < kRows; ++row) {
            draws.fill(RandomStream(9, Purpose::CopyOrder, 4), row / kTileRows, words);
            std::memcpy(bytes.data(), words.data(), bytes.size());
            store.decode(row, 4, values);
            for (std::size_t f = 0; f < kFeatures; ++f) {
                const std::uint32_t code = store.code(row, f);
                const unsigned above =
                    choice.chosen(code % kCopies, bytes[f / 4 * 64 + 4 * (row % kTileRows) + f % 4],
                                  bytes[draws.shared() + f]);
                for (std::size_t copy = 0; copy < kCopies; ++copy)
                    QCOMPARE(values[copy * kFeatures + f],
                             store.grids()[f].level(code / kCopies + (above >> copy & 1U)));
            }
        }
    }
};

QTEST_GUILESS_MAIN(CopyChoiceTest)
#include "copy_choice_test.moc"
