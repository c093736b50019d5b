#pragma once
/// The rounding variance of a stretch of data between any two levels around it, from five sums whose terms
/// are never negative: nothing cancels, however far apart the values are.

namespace zipml {

/// Of values x from a to b: their number n, the sums A of (x - a), B of (b - x) and W of (b - x)(x - a). For
/// levels d <= a and e >= b
///
///     sum of (e - x)(x - d) = W + (a - d) B + (e - b) A + (e - b)(a - d) n.
struct Stretch {
    double first, last;               ///< a, b
    double count, above, below, cost; ///< n, A, B, W

    /// `count` values at one place.
    static Stretch at(double place, double count) { return {place, place, count, 0, 0, 0}; }

    /// @param lower,upper neighbouring levels with the stretch between them
    [[nodiscard]] double between(double lower, double upper) const {
        const double left = first - lower, right = upper - last;
        return cost + left * below + right * (above + left * count);
    }
    /// Of this and of the values of `next`, none of which is less.
    [[nodiscard]] Stretch joined(const Stretch& next) const {
        const double toNext = next.first - first, toEnd = next.last - last;
        return {first,
                next.last,
                count + next.count,
                above + next.above + toNext * next.count,
                below + toEnd * count + next.below,
                cost + toEnd * above + next.cost + toNext * next.below};
    }
};

} // namespace zipml
