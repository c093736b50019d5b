#include "core/quant/any_precision_store.h"

#include "core/base/random.h"

#include <algorithm>

namespace zipml {
namespace {

constexpr std::size_t kTilesPerChunk = 16;

} // namespace

AnyPrecisionStore::AnyPrecisionStore(std::size_t rows, std::span<const Grid> ranges, const Options& options)
    : rows_(rows), ranges_(ranges.begin(), ranges.end()), options_(options), layout_(ranges.size(), 1),
      planes_(static_cast<std::size_t>(planes()) * planeBytes()) {}

std::size_t AnyPrecisionStore::planeBytes() const {
    return (tiles() * layout_.tileBytes() + kLineBytes - 1) / kLineBytes * kLineBytes;
}

std::vector<Grid> AnyPrecisionStore::gridsAt(int bits) const {
    std::vector<Grid> grids;
    for (const Grid& range : ranges_)
        grids.push_back(
            Grid::uniform(range.low(), range.high(), (1U << static_cast<unsigned>(bits - 1)) + 1));
    return grids;
}

std::uint64_t AnyPrecisionStore::bytesAt(int bits) const {
    const int read = bits - 1 + options_.copies;
    return static_cast<std::uint64_t>(read) * tiles() * layout_.tileBytes();
}

void AnyPrecisionStore::build(const Dataset& data, std::uint32_t epoch, ThreadTeam& team, const Job& job) {
    ++version_;
    constexpr double kWords = 4294967296.0; // 2^32: u < fraction exactly when word < fraction * 2^32
    const std::size_t features = layout_.features();
    const auto copies = static_cast<std::size_t>(options_.copies);
    std::vector<RandomStream> streams;
    for (std::size_t copy = 0; copy < copies; ++copy)
        streams.emplace_back(options_.seed, Purpose::SampleRounding, epoch, static_cast<std::uint16_t>(copy));
    team.forEachChunk((tiles() + kTilesPerChunk - 1) / kTilesPerChunk, [&](std::size_t chunk) {
        job.checkpoint();
        // Each value's bits in all planes, plane 0 the lowest; packed plane by plane.
        std::vector<std::uint32_t> bits(kTileRows * features), plane(kTileRows * features);
        std::vector<RandomWords> words(copies);
        const std::size_t end = std::min(tiles(), (chunk + 1) * kTilesPerChunk);
        for (std::size_t tile = chunk * kTilesPerChunk; tile < end; ++tile) {
            std::ranges::fill(bits, 0U);
            const std::size_t first = tile * kTileRows;
            for (std::size_t row = first; row < std::min(rows_, first + kTileRows); ++row) {
                const auto values = data.row(row);
                for (std::size_t f = 0; f < features; ++f) {
                    if (f % 4 == 0)
                        for (std::size_t copy = 0; copy < copies; ++copy)
                            words[copy] = streams[copy].words(static_cast<std::uint32_t>(row),
                                                              static_cast<std::uint32_t>(f / 4));
                    const Grid& range = ranges_[f];
                    if (!(range.high() > range.low()))
                        continue;
                    const double place = std::clamp(
                        (double{values[f]} - range.low()) / (range.high() - range.low()), 0.0, 1.0);
                    const auto digits =
                        std::min(static_cast<std::uint32_t>(place * (1 << kDigits)), (1U << kDigits) - 1U);
                    std::uint32_t& all = bits[(row - first) * features + f];
                    for (unsigned digit = 0; digit < kDigits; ++digit)
                        all |= (digits >> (kDigits - 1U - digit) & 1U) << digit;
                    for (unsigned b = 1; b <= kMostBits; ++b) {
                        const double fraction = place * (1U << (b - 1)) - (digits >> (kMostBits - b));
                        std::uint32_t ups = 0;
                        for (std::size_t copy = 0; copy < copies; ++copy)
                            ups += options_.rounding == Rounding::Nearest
                                       ? (fraction >= 0.5 ? 1U : 0U)
                                       : (words[copy][f % 4] < fraction * kWords ? 1U : 0U);
                        const bool up = ups == copies;
                        all |= (up ? 1U : 0U) << (kDigits + b - 1U);
                        if (copies == 2)
                            all |= (ups == 1 ? 1U : 0U) << (kDigits + kMostBits + b - 1U);
                    }
                }
            }
            for (int p = 0; p < planes(); ++p) {
                std::ranges::transform(bits, plane.begin(), [p](std::uint32_t all) {
                    return all >> static_cast<unsigned>(p) & 1U;
                });
                layout_.packTile(plane.data(), planes_.data() + static_cast<std::size_t>(p) * planeBytes() +
                                                   tile * layout_.tileBytes());
            }
        }
        job.report(static_cast<double>(end) / static_cast<double>(tiles()), "rounding samples");
    });
}

void AnyPrecisionStore::repeatTiles(const AnyPrecisionStore& sample) {
    const std::size_t period = sample.tiles() * layout_.tileBytes();
    const std::size_t bytes = tiles() * layout_.tileBytes();
    for (int p = 0; p < planes(); ++p)
        for (std::size_t done = 0; done < bytes; done += period)
            std::copy_n(sample.at(p, 0), std::min(period, bytes - done),
                        planes_.data() + static_cast<std::size_t>(p) * planeBytes() + done);
}

std::uint32_t AnyPrecisionStore::code(std::size_t row, std::size_t feature, int bits) const {
    const std::size_t tile = row / kTileRows;
    const auto bit = [&](const unsigned char* plane) {
        return layout_.code(plane, row % kTileRows, feature);
    };
    std::uint32_t index = 0;
    for (int d = 1; d < bits; ++d)
        index = 2 * index + bit(digit(d, tile));
    index += bit(up(bits, tile));
    return options_.copies == 1 ? index : 2 * index + bit(odd(bits, tile));
}

} // namespace zipml
