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

/// The 57 or more bits from bit `offset` on, in the low end. Codes have at most 19 bits.
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

SampleStore::SampleStore(std::size_t rows, std::vector<Grid> grids, const StoreOptions& options)
    : rows_(rows), grids_(std::move(grids)), options_(options) {
    bitsPerCode_ = bitsPerCode(options);
    makeDecoders();
    words_.resize(bitOffset(rows_) / 64 +
                  2); // one word more than needed, so that bitsFrom never reads past the end
}

int SampleStore::bitsPerCode(const StoreOptions& options) {
    const unsigned largestIndex = (1U << static_cast<unsigned>(options.bits)) - 1U;
    return static_cast<int>(std::bit_width(static_cast<unsigned>(options.copies) * largestIndex));
}

void SampleStore::restore(std::span<const unsigned char> codes) {
    std::memcpy(words_.data(), codes.data(), codes.size());
}

void SampleStore::makeDecoders() {
    std::vector<const Grid*> tabled; // the grid of each table: a shared grid has one table
    tables_.reserve(grids_.size());  // decoders point into it
    for (const auto& grid : grids_) {
        if (grid.isUniform()) {
            decoders_.push_back({static_cast<float>(grid.low()), static_cast<float>(grid.gap()), nullptr});
            continue;
        }
        auto same =
            std::ranges::find_if(tabled, [&](const Grid* other) { return other->sharesLevelsWith(grid); });
        if (same == tabled.end()) {
            std::vector<float> table;
            for (std::uint32_t i = 0; i < grid.levels(); ++i)
                table.push_back(static_cast<float>(grid.level(i)));
            tables_.push_back(std::move(table));
            tabled.push_back(&grid);
            same = tabled.end() - 1;
        }
        decoders_.push_back({0, 0, tables_[static_cast<std::size_t>(same - tabled.begin())].data()});
    }
}

std::uint64_t SampleStore::codebookBytes() const {
    std::uint64_t floats = 0;
    for (const auto& decoder : decoders_)
        floats += decoder.table == nullptr ? 2 : 0;
    for (const auto& table : tables_)
        floats += table.size();
    return floats * sizeof(float);
}

std::span<const unsigned char> SampleStore::packed() const {
    return {reinterpret_cast<const unsigned char*>(words_.data()), bytes()};
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
    const std::uint64_t offset = bitOffset(row);
    if (options_.copies == 1)
        decodeOne(offset, values);
    else if (options_.copies == 2)
        decodeTwo(row, epoch, offset, values);
    else
        decodeMany(row, epoch, offset, values);
}

void SampleStore::decodeOne(std::uint64_t offset, std::span<float> values) const {
    const auto width = static_cast<std::uint64_t>(bitsPerCode_);
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    for (std::size_t f = 0; f < decoders_.size(); ++f, offset += width)
        values[f] = decoders_[f].level(static_cast<std::uint32_t>(bitsFrom(words_.data(), offset) & mask));
}

void SampleStore::decodeTwo(std::uint32_t row, std::uint32_t epoch, std::uint64_t offset,
                            std::span<float> values) const {
    const std::size_t features = decoders_.size();
    const auto width = static_cast<std::uint64_t>(bitsPerCode_);
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
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
            first[f] = decoders_[f].level(base + (odd & heads));
            second[f] = decoders_[f].level(base + (odd & ~heads));
        }
    }
}

void SampleStore::decodeMany(std::uint32_t row, std::uint32_t epoch, std::uint64_t offset,
                             std::span<float> values) const {
    const std::size_t features = decoders_.size();
    const auto copies = static_cast<std::uint32_t>(options_.copies);
    const auto width = static_cast<std::uint64_t>(bitsPerCode_);
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    const RandomStream draws(options_.seed, Purpose::CopyOrder, epoch);
    RandomWords words{};
    for (std::size_t f = 0; f < features; ++f, offset += width) {
        if (f % 4 == 0)
            words = draws.words(row, static_cast<std::uint32_t>(f / 4));
        const auto sum = static_cast<std::uint32_t>(bitsFrom(words_.data(), offset) & mask);
        const std::uint32_t base = sum / copies;
        std::uint32_t ups = sum % copies;
        std::uint32_t word = words[f % 4];
        // Each copy in turn is an upper one with probability (ups left) / (copies left): a uniform subset.
        for (std::uint32_t copy = 0; copy < copies; ++copy) {
            const std::uint64_t scaled = std::uint64_t{word} * (copies - copy);
            const bool up = (scaled >> 32) < ups;
            word = static_cast<std::uint32_t>(scaled);
            ups -= up ? 1U : 0U;
            values[copy * features + f] = decoders_[f].level(base + (up ? 1U : 0U));
        }
    }
}

} // namespace zipml
