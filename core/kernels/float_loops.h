#pragma once
/// The loops of float_kernels.h over a vector type V of V::kLanes floats, compiled once for each instruction
/// set.

#include "core/kernels/float_kernels.h"
#include "core/kernels/prefetch.h"
#include "core/kernels/tile_tail.h"

/// Accumulators live in registers only when the loops over them are unrolled.
#define UNROLL _Pragma("GCC unroll 16")

namespace zipml {
namespace {

constexpr std::size_t kFloatsALine = 16;

/// The dot products of kRows rows, which share the loads of the model.
template <class V, int kRows>
void dotRows(const float* rows, std::size_t features, std::size_t ahead, const float* model, float* sums) {
    V acc[kRows];
    UNROLL for (int r = 0; r < kRows; ++r) acc[r] = V::zero();
    std::size_t f = 0;
    for (; f + V::kLanes <= features; f += V::kLanes) {
        const V weights = V::load(model + f);
        // Rows follow one another, so half of them fetch half of what comes; add fetches the rest.
        if (ahead != 0 && f % kFloatsALine == 0)
            UNROLL for (int r = 0; r < (kRows + 1) / 2; ++r)
                fetchAhead(rows + static_cast<std::size_t>(r) * features + f, ahead);
        UNROLL for (int r = 0; r < kRows; ++r) acc[r] =
            V::multiplyAdd(V::load(rows + static_cast<std::size_t>(r) * features + f), weights, acc[r]);
    }
    if (f < features) {
        const V weights = V::loadPart(model + f, features - f);
        UNROLL for (int r = 0; r < kRows; ++r) acc[r] = V::multiplyAdd(
            V::loadPart(rows + static_cast<std::size_t>(r) * features + f, features - f), weights, acc[r]);
    }
    UNROLL for (int r = 0; r < kRows; ++r) sums[r] = acc[r].sum();
}

template <class V>
void dotAllRows(const float* rows, std::size_t count, std::size_t features, std::size_t ahead,
                const float* model, float* sums) {
    constexpr int kRows = 4;
    std::size_t r = 0;
    for (; r + kRows <= count; r += kRows)
        dotRows<V, kRows>(rows + r * features, features, ahead, model, sums + r);
    for (; r < count; ++r)
        dotRows<V, 1>(rows + r * features, features, ahead, model, sums + r);
}

template <class V, int kRows>
void addRows(const float* rows, std::size_t features, std::size_t ahead, const float* residuals,
             float* gradient) {
    V factors[kRows];
    UNROLL for (int r = 0; r < kRows; ++r) factors[r] = V::all(residuals[r]);
    std::size_t f = 0;
    for (; f + V::kLanes <= features; f += V::kLanes) {
        V sum = V::load(gradient + f);
        if (ahead != 0 && f % kFloatsALine == 0)
            UNROLL for (int r = (kRows + 1) / 2; r < kRows; ++r)
                fetchAhead(rows + static_cast<std::size_t>(r) * features + f, ahead);
        UNROLL for (int r = 0; r < kRows; ++r) sum =
            V::multiplyAdd(V::load(rows + static_cast<std::size_t>(r) * features + f), factors[r], sum);
        sum.store(gradient + f);
    }
    if (f < features) {
        V sum = V::loadPart(gradient + f, features - f);
        UNROLL for (int r = 0; r < kRows; ++r) sum = V::multiplyAdd(
            V::loadPart(rows + static_cast<std::size_t>(r) * features + f, features - f), factors[r], sum);
        sum.storePart(gradient + f, features - f);
    }
}

template <class V>
void addAllRows(const float* rows, std::size_t count, std::size_t features, std::size_t ahead,
                const float* residuals, float* gradient) {
    constexpr int kRows = 4;
    std::size_t r = 0;
    for (; r + kRows <= count; r += kRows)
        addRows<V, kRows>(rows + r * features, features, ahead, residuals + r, gradient);
    for (; r < count; ++r)
        addRows<V, 1>(rows + r * features, features, ahead, residuals + r, gradient);
}

/// Codes of one slot in a line, for the rows `first` to `first` + kLanes - 1, as floats.
template <class V, int kWidth>
V codesOf(const unsigned char* line, std::size_t first, int slot) {
    return V::fromBits(line + 4 * first, 8 * (slot % 4) + kWidth * (slot / 4), (1 << kWidth) - 1);
}

template <class V, int kWidth>
void dotTilesInFloat(const PartView& part, std::size_t tiles, const float* model, float* sums,
                     FetchCursor& fetch) {
    constexpr int kSlots = 32 / kWidth;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const unsigned char* begin = part.data + tile * part.tileStride;
        unsigned char tail[64];
        if (part.tailFeatures > 0)
            expandTail(kWidth, begin + 64 * part.lines, part.tailFeatures, tail);
        for (std::size_t first = 0; first < 16; first += V::kLanes) {
            V acc[4] = {V::zero(), V::zero(), V::zero(), V::zero()};
            const auto addLine = [&](const unsigned char* line, const float* weights) {
                UNROLL for (int slot = 0; slot < kSlots; ++slot) acc[slot % 4] = V::multiplyAdd(
                    codesOf<V, kWidth>(line, first, slot), V::all(weights[slot]), acc[slot % 4]);
            };
            for (std::size_t line = 0; line < part.lines; ++line) {
                if (first == 0 && line % 2 == 0)
                    fetchNext(fetch);
                addLine(begin + 64 * line, model + line * kSlots);
            }
            if (part.tailFeatures > 0)
                addLine(tail, model + part.lines * kSlots);
            float* out = sums + 16 * tile + first;
            V::add(V::load(out), V::add(V::add(acc[0], acc[1]), V::add(acc[2], acc[3]))).store(out);
        }
    }
}

/// The gradient of slots kBegin to kBegin + 7 of one line over all tiles.
template <class V, int kWidth, int kBegin, class LineOf>
void addSlots(std::size_t tiles, const float* residuals, float* gradient, const LineOf& lineOf) {
    constexpr int kCount = kWidth == 8 ? 4 : 8;
    V acc[kCount];
    UNROLL for (int s = 0; s < kCount; ++s) acc[s] = V::zero();
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        const unsigned char* line = lineOf(tile);
        for (std::size_t first = 0; first < 16; first += V::kLanes) {
            const V rows = V::load(residuals + 16 * tile + first);
            UNROLL for (int s = 0; s < kCount; ++s) acc[s] =
                V::multiplyAdd(codesOf<V, kWidth>(line, first, kBegin + s), rows, acc[s]);
        }
    }
    UNROLL for (int s = 0; s < kCount; ++s) gradient[kBegin + s] += acc[s].sum();
    if constexpr (kBegin + 8 < 32 / kWidth)
        addSlots<V, kWidth, kBegin + 8>(tiles, residuals, gradient, lineOf);
}

template <class V, int kWidth>
void addTilesInFloat(const PartView& part, std::size_t tiles, const float* residuals, float* gradient,
                     FetchCursor& fetch) {
    constexpr int kSlots = 32 / kWidth;
    for (std::size_t line = 0; line < part.lines; ++line)
        addSlots<V, kWidth, 0>(tiles, residuals, gradient + line * kSlots, [&](std::size_t tile) {
            if (tile % 2 == 1)
                fetchNext(fetch);
            return part.data + tile * part.tileStride + 64 * line;
        });
    if (part.tailFeatures > 0) {
        unsigned char tail[64];
        addSlots<V, kWidth, 0>(tiles, residuals, gradient + part.lines * kSlots, [&](std::size_t tile) {
            expandTail(kWidth, part.data + tile * part.tileStride + 64 * part.lines, part.tailFeatures, tail);
            return static_cast<const unsigned char*>(tail);
        });
    }
}

template <class V, int kWidth>
constexpr TileFloatKernels kTilesInFloat{dotTilesInFloat<V, kWidth>, addTilesInFloat<V, kWidth>};

} // namespace
} // namespace zipml
