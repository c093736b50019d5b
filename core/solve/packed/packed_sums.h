#pragma once
/// What packed_rows.h adds up over rows, where the kernels keep it, and its way back to the features.

#include "core/kernels/vector_kernels.h"
#include "core/solve/packed/code_reader.h"

#include <algorithm>
#include <span>
#include <vector>

namespace zipml {

constexpr std::size_t kSpareSums = 16; ///< sums that kernels may write behind the last slot

/// Sums over some rows.
template <class Arithmetic>
struct PackedSums {
    using Sum = typename Arithmetic::Sum;

    std::vector<std::vector<Sum>> parts; ///< of code * residual, in the slots of each part
    std::vector<Sum> odd, upper; ///< of odd bits, and of those whose coin makes the first copy the upper one
    bool countsOdd = false;      ///< Pairs::Mean: the counts are not known yet

    /// @param tails of each part, outlive this
    PackedSums(std::span<const CodePart> codes, std::span<const TailSlots> tails, Pairs pairs)
        : codes_(codes), tails_(tails), pairs_(pairs) {
        for (const CodePart& part : codes)
            parts.emplace_back(part.slotCount() + kSpareSums);
        const std::size_t bits = codes.back().slotCount() + kSpareSums;
        if (pairs == Pairs::Mean || pairs == Pairs::Symmetrized)
            odd.resize(bits);
        if (pairs == Pairs::Symmetrized || pairs == Pairs::Plain)
            upper.resize(bits);
    }

    void clear() {
        for (auto& part : parts)
            std::ranges::fill(part, Sum{0});
        std::ranges::fill(odd, Sum{0});
        std::ranges::fill(upper, Sum{0});
    }

    /// total += sums of code * residual, signs += those that only double sampling has; one a feature of
    /// [begin, end), without units.
    void gather(const VectorKernels& loops, std::size_t begin, std::size_t end, double* total,
                double* signs) const {
        for (std::size_t p = 0; p < parts.size(); ++p)
            gather(loops, p, parts[p], codes_[p].scale, begin, end, total);
        const std::size_t bits = codes_.size() - 1;
        if (countsOdd)
            gather(loops, bits, odd, 1, begin, end, signs);
        if (pairs_ == Pairs::Plain) { // d counts like a code: +-1 where the code is odd
            gather(loops, bits, parts.back(), -1, begin, end, total);
            gather(loops, bits, upper, 2, begin, end, total);
        }
        if (pairs_ == Pairs::Symmetrized) {
            gather(loops, bits, odd, -1, begin, end, signs);
            gather(loops, bits, upper, 2, begin, end, signs);
        }
    }

  private:
    void gather(const VectorKernels& loops, std::size_t part, const std::vector<Sum>& sums, double scale,
                std::size_t begin, std::size_t end, double* total) const {
        const std::size_t whole = codes_[part].whole();
        if (begin < whole)
            Arithmetic::addUp(loops, sums.data() + begin, scale, std::min(end, whole) - begin, total + begin);
        for (std::size_t f = std::max(begin, whole); f < end; ++f)
            total[f] += scale * static_cast<double>(sums[tails_[part][f - whole]]);
    }

    std::span<const CodePart> codes_;
    std::span<const TailSlots> tails_;
    Pairs pairs_;
};

} // namespace zipml
