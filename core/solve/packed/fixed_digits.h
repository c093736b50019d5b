#pragma once
/// Numbers as three 8-bit digits: what kernels of 8-bit integers multiply, when neither the model nor the
/// factors may be rounded by more than float32 would.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace zipml {

/// Each number is unit * (d_0 + d_1 / 128 + d_2 / 128^2), to the nearest, |number| <= 127 unit: its 21 bits
/// and a sign are those of the largest number.
class FixedDigits {
  public:
    static constexpr int kCount = 3;

    explicit FixedDigits(std::size_t size = 0) {
        for (auto& digits : digits_)
            digits.resize(size);
    }

    [[nodiscard]] const std::int8_t* digits(int digit) const { return digits_[digit].data(); }
    /// What 1 of a digit stands for, the last one's first.
    [[nodiscard]] double lowestUnit() const { return lowest_; }
    [[nodiscard]] double unit(int digit) const {
        return lowest_ * static_cast<double>(1 << (7 * (kCount - 1 - digit)));
    }
    /// Sum of the numbers as they are now.
    [[nodiscard]] double sum() const { return lowest_ * static_cast<double>(sum_); }
    /// The largest difference to what a number was.
    [[nodiscard]] double error() const { return lowest_ / 2; }
    [[nodiscard]] bool isZero() const { return !(lowest_ > 0); }

    /// The first numbers; the others stay. @param most their largest absolute value
    template <class Number>
    void set(const Number* numbers, std::size_t count, double most) {
        constexpr double kLeast = 1e-30; // whose inverse is a float
        lowest_ = most > kLeast ? most / kMost : 0;
        const auto inverse = static_cast<Number>(lowest_ > 0 ? kMost / most : 0);
        sum_ = 0;
        for (std::size_t begin = 0; begin < count; begin += kStep)
            sum_ += setSome(numbers + begin, std::min(kStep, count - begin), inverse, begin);
    }

  private:
    static constexpr double kMost = 127 << 14;
    static constexpr std::size_t kStep = 512; ///< whose sum fits an int

    template <class Number>
    std::int32_t setSome(const Number* numbers, std::size_t count, Number inverse, std::size_t begin) {
        std::int8_t* high = digits_[0].data() + begin;
        std::int8_t* middle = digits_[1].data() + begin;
        std::int8_t* low = digits_[2].data() + begin;
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const Number place = numbers[i] * inverse;
            const auto whole = static_cast<std::int32_t>(place + std::copysign(Number(0.5), place));
            const std::int32_t upper = (whole + 64) >> 7; // so that the rest is -64..63
            const std::int32_t first = (upper + 64) >> 7;
            low[i] = static_cast<std::int8_t>(whole - (upper << 7));
            middle[i] = static_cast<std::int8_t>(upper - (first << 7));
            high[i] = static_cast<std::int8_t>(first);
            sum += whole;
        }
        return sum;
    }

    std::vector<std::int8_t> digits_[kCount];
    double lowest_ = 0;
    std::int64_t sum_ = 0;
};

} // namespace zipml
