#pragma once
/// Finds columns whose range one value stretches: levels over the range are lost on the gap beside it.

#include "core/data/scaling.h"

#include <span>
#include <string>
#include <vector>

namespace zipml {

class RangeStretch {
  public:
    /// Ranges that are this many times as long as without their least or their greatest value.
    static constexpr double kStretched = 1e4;

    /// The next rows, row-major. Widths may grow from call to call: values not yet seen were 0.
    void add(std::span<const float> values, std::size_t rows, std::size_t features);
    /// One line each for the first few such columns, with the column, the value and how far it stretches the
    /// range; the last line counts the rest. Columns of two distinct values are not stretched.
    /// @param names of the features, or none @param scaling that the values had, undone for the value shown
    [[nodiscard]] std::vector<std::string> warnings(const std::vector<std::string>& names,
                                                    const Scaling& scaling) const;

  private:
    /// The two least and the two greatest distinct values.
    struct Ends {
        float low, nextLow, nextHigh, high;
        void add(float value);
    };

    std::size_t rows_ = 0;
    std::vector<Ends> ends_;
};

} // namespace zipml
