#pragma once
/// The grids of all features as the kernels read them: one array a number, one entry a feature.

#include "core/kernels/round_kernels.h"
#include "core/quant/grid.h"

#include <span>
#include <vector>

namespace zipml {

class GridColumns {
  public:
    /// @param grids must outlive this
    explicit GridColumns(std::span<const Grid> grids);

    /// The codes of `count` features from `first` on of one row.
    /// @param values,draws,codes begin at feature `first`
    void round(const RoundKernels& kernels, const float* values, std::size_t first, std::size_t count,
               const RoundingDraws& draws, std::uint32_t* codes) const;
    /// Whether all grids are uniform.
    [[nodiscard]] bool isUniform() const { return !low_.empty(); }
    /// From a feature on. Uniform grids only.
    [[nodiscard]] UniformColumns uniform(std::size_t first) const {
        return {low_.data() + first, intervalsPerUnit_.data() + first, intervals_.data() + first};
    }

  private:
    void roundOneByOne(const float* values, std::size_t first, std::size_t count, const RoundingDraws& draws,
                       std::uint32_t* codes) const;

    std::span<const Grid> grids_;
    std::vector<double> low_, intervalsPerUnit_, intervals_; ///< empty unless all are uniform
    std::vector<double> levels_; ///< level by level; empty where there are many: one by one is faster then
    std::size_t levelCount_ = 0, levelStride_ = 0;
};

} // namespace zipml
