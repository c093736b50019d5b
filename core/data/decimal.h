#pragma once
/// Decimal numbers at full speed: what nearly every field of a data file is. Everything else is parseField's.

#include <array>
#include <bit>
#include <cfloat>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace zipml {

/// Reads the digits at the front of [begin, end), as if written behind the digits of `number` (modulo 2^64).
/// @return where they stop
inline const char* takeDigits(const char* begin, const char* end, std::uint64_t& number) {
    static constexpr std::array<std::uint64_t, 9> kPowers{1,       10,        100,        1'000,      10'000,
                                                          100'000, 1'000'000, 10'000'000, 100'000'000};
    if constexpr (std::endian::native == std::endian::little)
        // Eight characters at once: their number varies, and a loop's exit would be guessed wrong each time.
        while (end - begin >= 8) {
            std::uint64_t bytes = 0;
            std::memcpy(&bytes, begin, 8);
            bytes ^= 0x3030303030303030; // digits become 0 to 9
            const auto others = (bytes | (bytes + 0x7676767676767676)) & 0x8080808080808080;
            const auto digits = static_cast<unsigned>(std::countr_zero(others)) / 8;
            if (digits == 0)
                return begin;
            bytes <<= 64 - 8 * digits; // zeros come in front
            bytes = bytes * 10 + (bytes >> 8);
            bytes = ((bytes & 0x000000FF000000FF) * 0x000F424000000064 +
                     (bytes >> 16 & 0x000000FF000000FF) * 0x0000271000000001) >>
                    32;
            number = number * kPowers[digits] + bytes;
            begin += digits;
            if (digits < 8)
                return begin;
        }
    for (; begin != end && *begin >= '0' && *begin <= '9'; ++begin)
        number = number * 10 + static_cast<std::uint64_t>(*begin - '0');
    return begin;
}

/// Blanks, ends of lines and other characters that surely end a number.
inline bool isBetween(char c) {
    return c < '0' && c > '\0' && c != '.';
}

/// Reads the decimal number at the front of [begin, end): the nearest float or double, as parseField gives
/// for this text.
/// @return where it stops; null where there is no finite decimal number
template <class Number>
[[gnu::always_inline]] inline const char* takeDecimal(const char* begin, const char* end, Number& value) {
    static_assert(FLT_EVAL_METHOD == 0, "the proof below needs double arithmetic that rounds to double");
    static constexpr std::array<double, 23> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    constexpr int kLargestPower = 22; // of 10 that is exact in a double
    constexpr std::ptrdiff_t kMostDigits = 19;

    if (begin != end && *begin >= '0' && *begin <= '9' && (begin + 1 == end || isBetween(begin[1]))) {
        value = static_cast<Number>(*begin - '0'); // a single digit: most of what sparse files hold
        return begin + 1;
    }
    const bool sign = begin != end && (*begin == '-' || *begin == '+');
    const bool negative = sign && *begin == '-';
    const char* const first = begin + (sign ? 1 : 0);
    std::uint64_t number = 0;
    const char* at = takeDigits(first, end, number);
    std::ptrdiff_t digits = at - first;
    std::int64_t exponent = 0;
    if (at != end && *at == '.') {
        const char* const fraction = at + 1;
        at = takeDigits(fraction, end, number);
        exponent = fraction - at;
        digits -= exponent;
    }
    if (digits == 0)
        return nullptr;
    bool plain = digits <= kMostDigits;
    if (at != end && (*at == 'e' || *at == 'E')) {
        const char* const exponentSign = at + 1;
        const bool hasSign = exponentSign != end && (*exponentSign == '-' || *exponentSign == '+');
        const char* const power = exponentSign + (hasSign ? 1 : 0);
        std::uint64_t size = 0;
        at = takeDigits(power, end, size);
        if (at == power)
            return nullptr;
        plain = plain && at - power <= 4;
        exponent += hasSign && *exponentSign == '-' ? -static_cast<std::int64_t>(size)
                                                    : static_cast<std::int64_t>(size);
    }
    plain = plain && exponent >= -kLargestPower && exponent <= kLargestPower;
    if (plain) {
        // Two roundings, of the number and of the result: within 2 units of a double's last place. The
        // results are 0 or normal floats, whose midpoints end in a 1 and 28 zeros: farther from one than
        // that, the nearest float is that of the exact number.
        const auto magnitude = static_cast<double>(number);
        const double result = exponent < 0 ? magnitude / kPowers[static_cast<std::size_t>(-exponent)]
                                           : magnitude * kPowers[static_cast<std::size_t>(exponent)];
        if constexpr (std::is_same_v<Number, double>) {
            constexpr std::uint64_t kExact = 1ULL << 53U; // then there is one rounding, the division's
            if (number <= kExact) {
                value = negative ? -result : result;
                return at;
            }
        } else {
            constexpr std::uint64_t kMidpoint = 1U << 28;
            constexpr std::uint64_t kMargin = 4;
            const auto tail = std::bit_cast<std::uint64_t>(result) & (2 * kMidpoint - 1);
            if (tail - (kMidpoint - kMargin) > 2 * kMargin && result <= FLT_MAX) {
                value = static_cast<float>(negative ? -result : result);
                return at;
            }
        }
    }
    Number exact = 0;
    const auto [stop, error] = std::from_chars(first, at, exact);
    if (stop != at || error != std::errc{})
        return nullptr;
    value = negative ? -exact : exact;
    return at;
}

} // namespace zipml
