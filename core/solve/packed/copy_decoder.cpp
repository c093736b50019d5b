#include "core/solve/packed/copy_decoder.h"

#include "core/estimate/refetching.h"
#include "core/kernels/prefetch.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr std::uint32_t kFineSteps = (1U << 24U) - 1U;
constexpr unsigned char kWholeByte = 0xFF;
constexpr int kNibble = 4; ///< bits

std::uint32_t levelsOf(const SampleStore& store) {
    return 1U << static_cast<unsigned>(store.options().bits);
}

/// Its levels, counted in steps over its range.
std::vector<std::uint32_t> stepsOf(const Grid& grid, double step) {
    std::vector<std::uint32_t> steps(grid.levels());
    for (std::uint32_t level = 0; step > 0 && level < grid.levels(); ++level)
        steps[level] = static_cast<std::uint32_t>(std::lround((grid.level(level) - grid.low()) / step));
    return steps;
}

} // namespace

CopyDecoder::CopyDecoder(const SampleStore& store, const GradientMethod& method, Isa isa)
    : store_(store), kernels_(copyKernels(isa)), copies_(store.copies()),
      interval_(method.refetching != nullptr && method.refetching->kind() == CertificateKind::Interval),
      lines_((store.grids().size() + 3) / 4),
      joins_((wide() && store.options().bits != 16) || (copies_ > 2 && store.bitsPerCode() > 8)) {
    const ScoreRule& rule = method.estimator->scores;
    needed_ = rule.scored(copies_) | rule.added(copies_);
    spreads_ = rule.subtractsSpread;
    if (copies_ > 2)
        choice_ = &copyChoiceOf(copies_);
    if (std::ranges::all_of(store.grids(), &Grid::isUniform))
        setUniform();
    else
        setTables();
    if (spreads_)
        planes_.push_back({stored_++, kWholeByte,
                           static_cast<unsigned char>(copies_ / 2 * (copies_ - copies_ / 2)), 1, 0, false,
                           true});
}

void CopyDecoder::setUniform() {
    centre_ = (levelsOf(store_) - 1) / 2.0;
    for (const Grid& grid : store_.grids()) {
        slope_.push_back(grid.gap());
        middle_.push_back(grid.low() + grid.gap() * centre_);
    }
    const std::uint32_t last = levelsOf(store_) - 1;
    planes_.push_back(
        {stored_++, kWholeByte, static_cast<unsigned char>(std::min(last, 255U)), 1, needed_, true});
    if (wide())
        planes_.push_back({stored_++, kWholeByte, static_cast<unsigned char>(last >> 8U), 256, needed_});
    if (copies_ == 1)
        return;
    for (int copy = 0; copy < copies_; ++copy) {
        const auto bit = static_cast<unsigned char>(1U << static_cast<unsigned>(copy));
        if (needs(copy) && !(interval_ && copy == 0))
            planes_.push_back({stored_, bit, bit, std::exp2(-copy), bit});
    }
    ++stored_;
}

void CopyDecoder::setTables() {
    centre_ = kFineSteps / 2.0;
    const std::size_t levels = levelsOf(store_);
    if (store_.options().bits <= kNibble)
        nibbleTables_.resize(lines_ * kLevelBytes * kNibbleTable);
    else
        tables_.resize(lines_ * 4 * levels);
    for (std::size_t f = 0; f < store_.grids().size(); ++f) {
        const Grid& grid = store_.grids()[f];
        const double step = (grid.high() - grid.low()) / kFineSteps;
        slope_.push_back(step);
        middle_.push_back(grid.low() + step * centre_);
        const auto steps = stepsOf(grid, step);
        if (!tables_.empty())
            std::ranges::copy(steps, tables_.begin() + static_cast<std::ptrdiff_t>(f * levels));
        else
            for (std::size_t level = 0; level < steps.size(); ++level)
                for (std::size_t byte = 0; byte < kLevelBytes; ++byte)
                    nibbleTables_[(f / 4 * kLevelBytes + byte) * kNibbleTable + f % 4 * 16 + level] =
                        static_cast<unsigned char>(steps[level] >> (8 * byte));
    }
    for (int copy = 0; copy < copies_; ++copy)
        if (needs(copy))
            for (const double scale : {1.0, 256.0, 65'536.0})
                planes_.push_back({stored_++, kWholeByte, kWholeByte, scale,
                                   1U << static_cast<unsigned>(copy), scale == 1});
}

/// Lower indices, and how many copies are above.
void CopyDecoder::unpackAll(const unsigned char* tile, Scratch& scratch, unsigned char* low,
                            unsigned char* high, unsigned char* ups) const {
    const TileLayout& layout = store_.layout();
    const auto unpack = [&](const TilePart& part, int left, bool adds, unsigned char* to) {
        kernels_.unpack({part.width, part.lines, layout.features()}, tile + part.offset, left, adds, to);
    };
    const auto parts = layout.parts();
    if (joins_) {
        scratch.parts.resize(parts.size() * planeBytes());
        JoinedParts joined{{}, {}, static_cast<int>(parts.size()), copies_};
        for (std::size_t p = 0; p < parts.size(); ++p) {
            joined.bytes[p] = scratch.parts.data() + p * planeBytes();
            joined.shift[p] = parts[p].shift;
            unpack(parts[p], 0, false, scratch.parts.data() + p * planeBytes());
        }
        kernels_.join(joined, planeBytes(), low, high, ups);
        return;
    }
    const std::size_t count = copies_ == 2 ? parts.size() - 1 : parts.size(); // the last one tells them apart
    const int bits = copies_ == 2 ? layout.bits() - 1 : layout.bits();
    for (std::size_t p = 0; p < count; ++p) {
        const int left = parts[p].shift - (copies_ == 2 ? 1 : 0);
        if (left < 8)
            unpack(parts[p], left, left + parts[p].width < std::min(8, bits), low);
        else
            unpack(parts[p], left - 8, false, high);
    }
    if (copies_ == 2)
        unpack(parts.back(), 0, false, ups);
    else if (copies_ > 2)
        kernels_.divide(choice_->tables(copies_ * static_cast<int>(levelsOf(store_) - 1)), planeBytes(), low,
                        ups);
}

/// How many copies are above becomes which of them, bit i for copy i.
void CopyDecoder::chooseCopies(std::size_t tile, std::uint32_t epoch, Scratch& scratch,
                               unsigned char* ups) const {
    const RandomStream coins(store_.options().seed, Purpose::CopyOrder, epoch);
    const std::size_t features = store_.grids().size();
    if (copies_ > 2) {
        const ChoiceDraws draws(features);
        scratch.draws.resize(draws.words());
        draws.fill(coins, tile, scratch.draws);
        const auto* bytes = reinterpret_cast<const unsigned char*>(scratch.draws.data());
        kernels_.choose(choice_->tables(), lines_, bytes, bytes + draws.shared(), ups);
        return;
    }
    const TileLayout oneBit(features, 1);
    scratch.packedCoins.resize(oneBit.tileBytes());
    scratch.coins.resize(planeBytes());
    fillCoins(coins, tile, scratch.packedCoins);
    kernels_.unpack({1, oneBit.parts().front().lines, features}, scratch.packedCoins.data(), 0, false,
                    scratch.coins.data());
    kernels_.toss(scratch.coins.data(), planeBytes(), ups);
}

void CopyDecoder::lookUp(const unsigned char* low, const unsigned char* high, const unsigned char* ups,
                         int copy, unsigned char* to, std::size_t stride) const {
    if (!nibbleTables_.empty()) {
        kernels_.lookUp(nibbleTables_.data(), lines_, low, ups, copy, to, stride);
        return;
    }
    const std::uint32_t levels = levelsOf(store_);
    const std::uint32_t* tables = tables_.data();
    for (const unsigned char* end = low + planeBytes(); low != end; low += 4, high += 4, ups += 4, to += 4) {
        for (std::size_t j = 0; j < 4; ++j) {
            const std::uint32_t index = low[j] + 256U * high[j] + (ups[j] >> copy & 1U);
            const std::uint32_t steps = tables[j * levels + index];
            to[j] = static_cast<unsigned char>(steps);
            to[stride + j] = static_cast<unsigned char>(steps >> 8U);
            to[2 * stride + j] = static_cast<unsigned char>(steps >> 16U);
        }
        if ((end - low) % static_cast<std::ptrdiff_t>(kLineBytes) == 4) // a line's last row
            tables += 4 * std::size_t{levels};
    }
}

void CopyDecoder::fetch(std::size_t tile) const {
    if (tile >= store_.tiles())
        return;
    const unsigned char* codes = store_.tile(tile);
    for (std::size_t at = 0; at < store_.layout().tileBytes(); at += kLineBytes)
        fetchAhead(codes + at, 0);
}

void CopyDecoder::decode(std::size_t tile, std::uint32_t epoch, Scratch& scratch, unsigned char* to,
                         std::size_t stride) const {
    scratch.low.resize(planeBytes());
    scratch.high.resize(planeBytes()); // stays 0 where indices fit a byte
    scratch.ups.resize(planeBytes());
    const bool inPlace = !hasTables();
    unsigned char* low = inPlace ? to : scratch.low.data();
    unsigned char* high = inPlace && wide() ? to + stride : scratch.high.data();
    unsigned char* ups = inPlace && copies_ > 1 ? to + (wide() ? 2 : 1) * stride : scratch.ups.data();
    unpackAll(store_.tile(tile), scratch, low, high, ups);
    if (spreads_)
        kernels_.spread(ups, planeBytes(), copies_, to + (stored_ - 1) * stride);
    if (interval_)
        kernels_.keepInside(levelsOf(store_) - 1, wide() ? high : nullptr, planeBytes(), low, ups);
    else if (copies_ > 1)
        chooseCopies(tile, epoch, scratch, ups);
    if (inPlace)
        return;
    for (int copy = 0; copy < copies_; ++copy)
        if (needs(copy)) {
            lookUp(low, high, ups, copy, to, stride);
            to += kLevelBytes * stride;
        }
}

} // namespace zipml
