#include "core/quant/sample_store.h"

#include "core/base/random.h"
#include "core/data/row_chunks.h"
#include "core/kernels/random_words.h"
#include "core/quant/copy_choice.h"
#include "core/quant/tile_builder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace zipml {

void fillCoins(const RandomStream& coins, std::size_t tile, std::span<unsigned char> bytes) {
    std::array<std::uint32_t, 256> words; // a step
    for (std::size_t at = 0; at < bytes.size(); at += sizeof words) {
        const std::size_t size = std::min(sizeof words, bytes.size() - at);
        fillRandomWords(coins, static_cast<std::uint32_t>(tile),
                        static_cast<std::uint32_t>(at / sizeof(RandomWords)),
                        std::span(words).first((size + 3) / 4));
        std::memcpy(bytes.data() + at, words.data(), size);
    }
}

SampleStore::SampleStore(std::size_t rows, std::vector<Grid> grids, const StoreOptions& options)
    : rows_(rows), grids_(std::move(grids)), options_(options), layout_(layoutOf(grids_.size(), options)),
      codes_(tiles() * layout_.tileBytes()) {}

TileLayout SampleStore::layoutOf(std::size_t features, const StoreOptions& options) {
    return {features, bitsPerCode(options), options.copies == 2};
}

int SampleStore::bitsPerCode(const StoreOptions& options) {
    const unsigned largestIndex = (1U << static_cast<unsigned>(options.bits)) - 1U;
    return static_cast<int>(std::bit_width(static_cast<unsigned>(options.copies) * largestIndex));
}

void SampleStore::restore(std::span<const unsigned char> codes) {
    std::ranges::copy(codes, codes_.data());
}

std::span<const unsigned char> SampleStore::packed() const {
    return {codes_.data(), codes_.size()};
}

void SampleStore::build(const Dataset& data, std::uint32_t epoch, ThreadTeam& team, const Job& job) {
    buildPart(data, 0, epoch, team, job);
}

void SampleStore::buildPart(const RowsView& part, std::size_t firstRow, std::uint32_t epoch, ThreadTeam& team,
                            const Job& job) {
    ++version_;
    const TileBuilder builder(grids_, options_, layout_, epoch);
    unsigned char* const codes = codes_.data() + firstRow / kTileRows * layout_.tileBytes();
    const std::size_t tiles = TileLayout::tilesOf(part.rows);
    const std::size_t tilesPerChunk = rowsPerChunk(part.features) / kTileRows;
    const std::size_t chunks = (tiles + tilesPerChunk - 1) / tilesPerChunk;
    team.forEachChunk(chunks, [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(tiles, (chunk + 1) * tilesPerChunk);
        for (std::size_t tile = chunk * tilesPerChunk; tile < end; ++tile)
            builder.build(part, tile, codes + tile * layout_.tileBytes(), firstRow);
        job.report(static_cast<double>(chunk) / static_cast<double>(chunks), "rounding samples");
    });
}

void SampleStore::repeatTiles(const SampleStore& sample) {
    const auto block = sample.packed();
    for (std::size_t at = 0; at < codes_.size(); at += block.size())
        std::ranges::copy(block.first(std::min(block.size(), codes_.size() - at)), codes_.data() + at);
}

std::uint32_t SampleStore::code(std::size_t row, std::size_t feature) const {
    return layout_.code(tile(row / kTileRows), row % kTileRows, feature);
}

void SampleStore::decode(std::uint32_t row, std::uint32_t epoch, std::span<double> values) const {
    const std::size_t features = grids_.size();
    thread_local std::vector<std::uint32_t> codes; // reused: this runs once a row a step
    codes.resize(features);
    layout_.unpackRow(tile(row / kTileRows), row % kTileRows, codes.data());
    if (options_.copies == 1) {
        for (std::size_t f = 0; f < features; ++f)
            values[f] = grids_[f].level(codes[f]);
    } else if (options_.copies == 2) {
        decodeTwo(row, epoch, codes, values);
    } else {
        decodeMany(row, epoch, codes, values);
    }
}

void SampleStore::decodeTwo(std::uint32_t row, std::uint32_t epoch, std::span<const std::uint32_t> codes,
                            std::span<double> values) const {
    const std::size_t features = codes.size();
    const TileLayout oneBit(features, 1);
    thread_local std::vector<unsigned char> coinBytes; // reused: this runs once a row a step
    thread_local std::vector<std::uint32_t> coins;
    coinBytes.resize(oneBit.tileBytes());
    coins.resize(features);
    fillCoins(RandomStream(options_.seed, Purpose::CopyOrder, epoch), row / kTileRows, coinBytes);
    oneBit.unpackRow(coinBytes.data(), row % kTileRows, coins.data());
    double* first = values.data();
    double* second = first + features;
    for (std::size_t f = 0; f < features; ++f) {
        const std::uint32_t base = codes[f] / 2;
        const std::uint32_t odd = codes[f] & 1U;
        first[f] = grids_[f].level(base + (odd & coins[f]));
        second[f] = grids_[f].level(base + (odd & ~coins[f]));
    }
}

void SampleStore::decodeMany(std::uint32_t row, std::uint32_t epoch, std::span<const std::uint32_t> codes,
                             std::span<double> values) const {
    const std::size_t features = codes.size();
    const auto copies = static_cast<std::uint32_t>(options_.copies);
    const RandomStream coins(options_.seed, Purpose::CopyOrder, epoch);
    const CopyChoice& choice = copyChoiceOf(options_.copies);
    const ChoiceDraws draws(features);
    thread_local std::vector<std::uint32_t> words; // reused: this runs once a row a step
    words.resize(draws.words());
    draws.fill(coins, row / kTileRows, words);
    const auto* bytes = reinterpret_cast<const unsigned char*>(words.data());
    const unsigned char* own = bytes + 4 * (row % kTileRows);
    const unsigned char* shared = bytes + draws.shared();
    for (std::size_t f = 0; f < features; ++f) {
        const std::uint32_t base = codes[f] / copies;
        const unsigned above = choice.chosen(codes[f] % copies, own[f / 4 * kLineBytes + f % 4], shared[f]);
        for (std::uint32_t copy = 0; copy < copies; ++copy)
            values[copy * features + f] = grids_[f].level(base + (above >> copy & 1U));
    }
}

} // namespace zipml
