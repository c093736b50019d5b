#pragma once
/// What packed_rows.h and packed_model.h do in two arithmetics, integers and float32.

#include "core/kernels/float_kernels.h"
#include "core/kernels/vector_kernels.h"
#include "core/solve/packed/code_reader.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <vector>

namespace zipml {

constexpr std::size_t kMostParts = 4; ///< 7 bits of two roundings: 4 + 2 + 1, and the lowest apart

/// Model and residuals as 8-bit integers, exact sums.
struct Integers {
    using Weight = std::int8_t;
    using Sum = std::int32_t;
    using Kernels = TileKernels;
    static constexpr bool kRounds = true;
    static const Kernels& kernels(Isa isa, int width) { return tileKernels(isa, width); }
    /// Sums are exact, so a thread's share of a batch can be one chunk.
    static std::size_t chunks(std::size_t /*blocks*/, int threads) {
        return static_cast<std::size_t>(threads);
    }
    static double convert(const VectorKernels& loops, const double* v, double perUnit,
                          const std::uint16_t* draws, std::size_t n, Weight* out) {
        return static_cast<double>(loops.round(v, perUnit, draws, n, out));
    }
    static double convert(const VectorKernels& loops, const float* v, double perUnit,
                          const std::uint16_t* draws, std::size_t n, Weight* out) {
        return static_cast<double>(loops.roundFloats(v, perUnit, draws, n, out));
    }
    static void addUp(const VectorKernels& loops, const Sum* sums, double scale, std::size_t n,
                      double* total) {
        loops.addScaled(sums, scale, n, total);
    }
    static double combine(const VectorKernels& loops, std::span<const Term<Sum>> terms, double offset,
                          const float* labels, std::size_t n, float* out) {
        return loops.combine(terms.data(), terms.size(), offset, labels, n, out);
    }
    /// Reads a block, and adds codes . model to the products of each part, from a row of the batch on.
    template <class Part>
    static void readAndDot(const CodeReader& reader, TileRange tiles, const std::vector<Part>& parts,
                           std::vector<std::vector<Sum>>& products, std::size_t firstRow, CodeBlock& block,
                           FetchCursor& fetch) {
        std::array<PartDot, kMostParts> dots;
        for (std::size_t p = 0; p < parts.size(); ++p)
            dots[p] = {parts[p].kernels,
                       {parts[p].model.data(), parts[p].tables.data()},
                       products[p].data() + firstRow};
        reader.readAndDot(tiles, std::span(dots).first(parts.size()), block, fetch);
    }
    template <class Part>
    static void dot(const Part& part, const PartView& codes, std::size_t tiles, Sum* sums,
                    FetchCursor& fetch) {
        part.kernels->dot(codes, tiles, {part.model.data(), part.tables.data()}, sums, fetch);
    }
};

/// Model and residuals as they are.
struct Floats {
    using Weight = float;
    using Sum = float;
    using Kernels = TileFloatKernels;
    static constexpr bool kRounds = false;
    static const Kernels& kernels(Isa isa, int width) { return tileFloatKernels(isa, width); }
    /// A fixed number, so that sums do not depend on the threads; as many of them can share a batch.
    static std::size_t chunks(std::size_t blocks, int /*threads*/) {
        return std::min<std::size_t>(blocks, 16);
    }
    static double convert(const VectorKernels& loops, const double* v, double /*perUnit*/,
                          const std::uint16_t* /*draws*/, std::size_t n, Weight* out) {
        return loops.toFloats(v, n, out);
    }
    static double convert(const VectorKernels& /*loops*/, const float* v, double /*perUnit*/,
                          const std::uint16_t* /*draws*/, std::size_t n, Weight* out) {
        std::copy_n(v, n, out);
        return std::accumulate(v, v + n, 0.0);
    }
    static void addUp(const VectorKernels& loops, const Sum* sums, double scale, std::size_t n,
                      double* total) {
        loops.addScaledFloats(sums, scale, n, total);
    }
    static double combine(const VectorKernels& loops, std::span<const Term<Sum>> terms, double offset,
                          const float* labels, std::size_t n, float* out) {
        return loops.combineFloats(terms.data(), terms.size(), offset, labels, n, out);
    }
    template <class Part>
    static void readAndDot(const CodeReader& reader, TileRange tiles, const std::vector<Part>& parts,
                           std::vector<std::vector<Sum>>& products, std::size_t firstRow, CodeBlock& block,
                           FetchCursor& fetch) {
        reader.read(tiles, block);
        for (std::size_t p = 0; p < parts.size(); ++p)
            dot(parts[p], block.views[p], tiles.size(), products[p].data() + firstRow, fetch);
    }
    template <class Part>
    static void dot(const Part& part, const PartView& codes, std::size_t tiles, Sum* sums,
                    FetchCursor& fetch) {
        part.kernels->dot(codes, tiles, part.model.data(), sums, fetch);
    }
};

} // namespace zipml
