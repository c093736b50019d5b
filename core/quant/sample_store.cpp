#include "core/quant/sample_store.h"

#include "core/quant/round_row.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace zipml {
namespace {

static_assert(std::endian::native == std::endian::little, "codes are read as little-endian words");

/// Rows a chunk of the parallel build: 64 rows of any code width end on a whole 64-bit word, so no two
/// threads ever write the same word.
constexpr std::size_t kRowsPerChunk = 64;

/// The 57 or more bits from bit `offset` on, in the low end. Codes have at most 17 bits.
std::uint64_t bitsFrom(const std::uint64_t* words, std::uint64_t offset) {
    std::uint64_t bits;
    std::memcpy(&bits, reinterpret_cast<const unsigned char*>(words) + offset / 8, sizeof bits);
    return bits >> (offset % 8);
}

void putBits(std::uint64_t* words, std::uint64_t offset, int width, std::uint64_t code) {
    const std::uint64_t shift = offset % 64;
    words[offset / 64] |= code << shift;
    if (shift + static_cast<std::uint64_t>(width) > 64)
        words[offset / 64 + 1] |= code >> (64 - shift);
}

} // namespace

SampleStore::SampleStore(std::size_t rows, std::vector<UniformGrid> grids, const StoreOptions& options)
    : rows_(rows), grids_(std::move(grids)), options_(options) {
    low_.reserve(grids_.size());
    gap_.reserve(grids_.size());
    for (const auto& grid : grids_) {
        low_.push_back(static_cast<float>(grid.low));
        gap_.push_back(static_cast<float>(grid.gap()));
    }
    words_.resize(bitOffset(rows_) / 64 +
                  2); // one word more than needed, so that bitsFrom never reads past the end
}

std::uint64_t SampleStore::bitOffset(std::size_t row) const {
    return std::uint64_t{row} * grids_.size() * static_cast<std::uint64_t>(bitsPerCode());
}

std::uint64_t SampleStore::bytes() const {
    return (bitOffset(rows_) + 7) / 8;
}

void SampleStore::build(const Dataset& data, std::uint32_t epoch, ThreadTeam& team, const Job& job) {
    const std::size_t features = grids_.size();
    std::vector<RandomStream> streams;
    streams.reserve(static_cast<std::size_t>(options_.copies));
    for (int copy = 0; copy < options_.copies; ++copy)
        streams.emplace_back(options_.seed, Purpose::SampleRounding, epoch, static_cast<std::uint16_t>(copy));
    std::ranges::fill(words_, 0);
    team.forEachChunk((rows_ + kRowsPerChunk - 1) / kRowsPerChunk, [&](std::size_t chunk) {
        job.checkpoint();
        std::vector<std::uint32_t> indices(features), sums(features);
        const std::size_t end = std::min(rows_, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            std::ranges::fill(sums, 0);
            for (const auto& stream : streams) {
                roundRow(data.row(row), grids_, options_.rounding, stream, static_cast<std::uint32_t>(row),
                         indices);
                std::ranges::transform(sums, indices, sums.begin(), std::plus{});
            }
            std::uint64_t offset = bitOffset(row);
            for (const std::uint32_t sum : sums) {
                putBits(words_.data(), offset, bitsPerCode(), sum);
                offset += static_cast<std::uint64_t>(bitsPerCode());
            }
        }
    });
}

std::uint32_t SampleStore::code(std::size_t row, std::size_t feature) const {
    const auto width = static_cast<std::uint64_t>(bitsPerCode());
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    return static_cast<std::uint32_t>(bitsFrom(words_.data(), bitOffset(row) + feature * width) & mask);
}

void SampleStore::decode(std::uint32_t row, std::uint32_t epoch, std::span<float> values) const {
    const std::size_t features = grids_.size();
    const auto width = static_cast<std::uint64_t>(bitsPerCode());
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    std::uint64_t offset = bitOffset(row);
    if (options_.copies == 1) {
        for (std::size_t f = 0; f < features; ++f, offset += width) {
            const auto index = static_cast<std::int32_t>(bitsFrom(words_.data(), offset) & mask);
            values[f] = low_[f] + static_cast<float>(index) * gap_[f];
        }
        return;
    }
    const RandomStream coins(options_.seed, Purpose::CopyOrder, epoch);
    float* first = values.data();
    float* second = first + features;
    for (std::size_t begin = 0; begin < features; begin += 128) {
        // One block of random words holds the coins of 128 features.
        const RandomWords coin = coins.words(row, static_cast<std::uint32_t>(begin / 128));
        const std::size_t end = std::min(features, begin + 128);
        for (std::size_t f = begin; f < end; ++f, offset += width) {
            const auto sum = static_cast<std::uint32_t>(bitsFrom(words_.data(), offset) & mask);
            const std::uint32_t heads = (coin[(f - begin) / 32] >> (f % 32)) & 1U;
            const std::uint32_t base = sum / 2;
            const std::uint32_t odd = sum & 1U;
            first[f] =
                low_[f] + static_cast<float>(static_cast<std::int32_t>(base + (odd & heads))) * gap_[f];
            second[f] =
                low_[f] + static_cast<float>(static_cast<std::int32_t>(base + (odd & ~heads))) * gap_[f];
        }
    }
}

std::vector<double> meanRoundingVariance(const Dataset& data, std::span<const std::uint32_t> rows,
                                         std::span<const UniformGrid> grids) {
    std::vector<double> mean(grids.size(), 0.0);
    for (const std::uint32_t row : rows) {
        const auto values = data.row(row);
        for (std::size_t f = 0; f < grids.size(); ++f)
            mean[f] += grids[f].roundingVariance(values[f]);
    }
    for (double& sum : mean)
        sum /= static_cast<double>(rows.size());
    return mean;
}

} // namespace zipml
