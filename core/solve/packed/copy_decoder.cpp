#include "core/solve/packed/copy_decoder.h"

#include "core/estimate/refetching.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr std::uint32_t kFineSteps = (1U << 24U) - 1U;

std::uint32_t levelsOf(const SampleStore& store) {
    return 1U << static_cast<unsigned>(store.options().bits);
}

bool isUniform(const SampleStore& store) {
    return std::ranges::all_of(store.grids(), &Grid::isUniform);
}

} // namespace

CopyDecoder::CopyDecoder(const SampleStore& store, const GradientMethod& method, Isa isa)
    : store_(store), kernels_(copyKernels(isa)), copies_(store.copies()),
      interval_(method.refetching != nullptr && method.refetching->kind() == CertificateKind::Interval),
      lines_((store.grids().size() + 3) / 4), joins_(wide() || (copies_ > 2 && store.bitsPerCode() > 8)) {
    const ScoreRule& rule = method.estimator->scores;
    needed_ = rule.scored(copies_) | rule.added(copies_);
    spreads_ = rule.subtractsSpread;
    if (copies_ > 2)
        choice_.emplace(copies_);
    if (isUniform(store))
        setUniform();
    else
        setTables();
    if (spreads_)
        planes_.push_back({1, 0, true});
}

void CopyDecoder::setUniform() {
    centre_ = (levelsOf(store_) - 1) / 2.0;
    for (const Grid& grid : store_.grids()) {
        slope_.push_back(grid.gap());
        middle_.push_back(grid.low() + grid.gap() * centre_);
    }
    planes_.push_back({1, needed_});
    if (wide())
        planes_.push_back({256, needed_});
    if (copies_ == 1)
        return;
    for (int copy = 0; copy < copies_; ++copy)
        if ((needed_ >> copy & 1U) != 0 && !(interval_ && copy == 0))
            planes_.push_back({std::exp2(-copy), 1U << copy});
}

void CopyDecoder::setTables() {
    centre_ = kFineSteps / 2.0;
    const std::size_t levels = levelsOf(store_);
    tables_.resize(lines_ * 4 * levels);
    for (std::size_t f = 0; f < store_.grids().size(); ++f) {
        const Grid& grid = store_.grids()[f];
        const double step = (grid.high() - grid.low()) / kFineSteps;
        slope_.push_back(step);
        middle_.push_back(grid.low() + step * centre_);
        for (std::uint32_t level = 0; step > 0 && level < grid.levels(); ++level)
            tables_[f * levels + level] =
                static_cast<std::uint32_t>(std::lround((grid.level(level) - grid.low()) / step));
    }
    for (int copy = 0; copy < copies_; ++copy)
        if ((needed_ >> copy & 1U) != 0)
            for (const double scale : {1.0, 256.0, 65'536.0})
                planes_.push_back({scale, 1U << copy});
}

/// Lower indices into `low` (and scratch.high), and how many copies are above into scratch.ups.
void CopyDecoder::unpackAll(const unsigned char* tile, Scratch& scratch, unsigned char* low) const {
    const TileLayout& layout = store_.layout();
    const auto unpack = [&](const TilePart& part, int left, bool adds, unsigned char* to) {
        kernels_.unpack({part.width, part.lines, layout.features()}, tile + part.offset, left, adds, to);
    };
    const auto parts = layout.parts();
    if (joins_) {
        scratch.parts.resize(parts.size() * planeBytes());
        for (std::size_t p = 0; p < parts.size(); ++p)
            unpack(parts[p], 0, false, scratch.parts.data() + p * planeBytes());
        joinWide(scratch, low);
        return;
    }
    const std::size_t count = copies_ == 2 ? parts.size() - 1 : parts.size(); // the last one tells them apart
    for (std::size_t p = 0; p < count; ++p)
        unpack(parts[p], parts[p].shift - (copies_ == 2 ? 1 : 0), p > 0, low);
    if (copies_ == 2)
        unpack(parts.back(), 0, false, scratch.ups.data());
    else if (copies_ > 2)
        kernels_.divide(choice_->tables(), planeBytes(), low, scratch.ups.data());
}

/// Codes of more than 8 bits from the bytes of their parts.
void CopyDecoder::joinWide(Scratch& scratch, unsigned char* low) const {
    const auto parts = store_.layout().parts();
    const float inverse = 1.0F / static_cast<float>(copies_);
    scratch.high.resize(planeBytes());
    for (std::size_t at = 0; at < planeBytes(); at += kLineBytes) {
        std::uint32_t codes[kLineBytes] = {};
        for (std::size_t p = 0; p < parts.size(); ++p) {
            const unsigned char* from = scratch.parts.data() + p * planeBytes() + at;
            const auto shift = static_cast<unsigned>(parts[p].shift);
            for (std::size_t i = 0; i < kLineBytes; ++i)
                codes[i] |= static_cast<std::uint32_t>(from[i]) << shift;
        }
        for (std::size_t i = 0; i < kLineBytes; ++i) {
            // A code has at most 19 bits, so that the quotient stays clear of the next integer.
            const auto lower = static_cast<std::int32_t>(
                (static_cast<float>(static_cast<std::int32_t>(codes[i])) + 0.5F) * inverse);
            const std::int32_t ups = static_cast<std::int32_t>(codes[i]) - lower * copies_;
            low[at + i] = static_cast<unsigned char>(lower);
            scratch.high[at + i] = static_cast<unsigned char>(lower >> 8);
            scratch.ups[at + i] = static_cast<unsigned char>(ups);
        }
    }
}

/// The last level, where copy 0 has none below, stands for the last interval.
void CopyDecoder::keepInsideOfIntervals(Scratch& scratch, unsigned char* low) const {
    const std::uint32_t last = levelsOf(store_) - 1;
    const auto lastLow = static_cast<unsigned char>(last);
    const auto lastHigh = static_cast<unsigned char>(last >> 8U);
    unsigned char* ups = scratch.ups.data();
    const unsigned char* high = scratch.high.data();
    for (std::size_t i = 0; i < planeBytes(); ++i) { // its low byte is not 0
        const bool isLast = low[i] == lastLow && (!joins_ || high[i] == lastHigh);
        low[i] = static_cast<unsigned char>(low[i] - (isLast ? 1 : 0));
        ups[i] = static_cast<unsigned char>(isLast ? 1 : ups[i]);
    }
}

/// How many copies are above becomes which of them, bit i for copy i.
void CopyDecoder::chooseCopies(std::size_t tile, std::uint32_t epoch, Scratch& scratch) const {
    unsigned char* ups = scratch.ups.data();
    if (interval_) { // copy 1 is the rounding
        for (std::size_t i = 0; i < planeBytes(); ++i)
            ups[i] = static_cast<unsigned char>(2 * ups[i]);
        return;
    }
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
    scratch.coins.resize(oneBit.tileBytes() + planeBytes());
    const auto packed = std::span(scratch.coins).first(oneBit.tileBytes());
    unsigned char* heads = scratch.coins.data() + packed.size();
    fillCoins(coins, tile, packed);
    kernels_.unpack({1, oneBit.parts().front().lines, features}, packed.data(), 0, false, heads);
    for (std::size_t i = 0; i < planeBytes(); ++i)
        ups[i] = static_cast<unsigned char>(2 * ups[i] - (ups[i] & heads[i]));
}

void CopyDecoder::lookUp(const Scratch& scratch, const unsigned char* low, int copy, unsigned char* to,
                         std::size_t stride) const {
    const std::uint32_t levels = levelsOf(store_);
    for (std::size_t at = 0; at < planeBytes(); at += kLineBytes) {
        std::uint32_t found[kLineBytes];
        const std::uint32_t* tables = tables_.data() + at / kLineBytes * 4 * levels;
        for (std::uint32_t i = 0; i < kLineBytes; ++i) {
            std::uint32_t index = low[at + i];
            if (joins_)
                index |= static_cast<std::uint32_t>(scratch.high[at + i]) << 8U;
            if (copies_ > 1)
                index += scratch.ups[at + i] >> copy & 1U;
            found[i] = tables[i % 4 * levels + index];
        }
        for (unsigned plane = 0; plane < 3; ++plane)
            for (std::size_t i = 0; i < kLineBytes; ++i)
                to[plane * stride + at + i] = static_cast<unsigned char>(found[i] >> (8 * plane));
    }
}

void CopyDecoder::decode(std::size_t tile, std::uint32_t epoch, Scratch& scratch, unsigned char* to,
                         std::size_t stride) const {
    scratch.ups.resize(planeBytes());
    unsigned char* low = to;
    if (!tables_.empty()) {
        scratch.low.resize(planeBytes());
        low = scratch.low.data();
    }
    unpackAll(store_.tile(tile), scratch, low);
    const unsigned char* ups = scratch.ups.data();
    if (spreads_)
        for (std::size_t i = 0; i < planeBytes(); ++i)
            to[(planes_.size() - 1) * stride + i] = static_cast<unsigned char>(ups[i] * (copies_ - ups[i]));
    if (interval_)
        keepInsideOfIntervals(scratch, low);
    if (copies_ > 1)
        chooseCopies(tile, epoch, scratch);
    if (!tables_.empty()) {
        for (int copy = 0, plane = 0; copy < copies_; ++copy)
            if ((needed_ >> copy & 1U) != 0) {
                lookUp(scratch, low, copy, to + static_cast<std::size_t>(plane) * stride, stride);
                plane += 3;
            }
        return;
    }
    std::size_t plane = 1;
    if (wide())
        std::copy_n(scratch.high.data(), planeBytes(), to + plane++ * stride);
    for (; plane < planes_.size() && !planes_[plane].spreads; ++plane)
        kernels_.mask(ups, planeBytes(), static_cast<unsigned char>(planes_[plane].copies),
                      to + plane * stride);
}

} // namespace zipml
