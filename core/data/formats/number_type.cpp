#include "core/data/formats/number_type.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace zipml {
namespace {

/// IEEE 754 binary16.
struct Half {
    std::uint16_t bits;
};

double valueOf(Half half) {
    const unsigned exponent = half.bits >> 10U & 0x1FU, fraction = half.bits & 0x3FFU;
    constexpr unsigned kSpecial = 0x1F;
    constexpr int kBias = 15, kFractionBits = 10;
    const double sign = (half.bits & 0x8000U) != 0 ? -1 : 1;
    if (exponent == kSpecial)
        return fraction != 0 ? std::numeric_limits<double>::quiet_NaN()
                             : sign * std::numeric_limits<double>::infinity();
    const auto mantissa = static_cast<double>(fraction + (exponent > 0 ? 0x400U : 0U));
    return sign * std::ldexp(mantissa, std::max(static_cast<int>(exponent), 1) - kBias - kFractionBits);
}

/// The 80-bit format of x87: 64 bits of mantissa with its leading bit, 15 of exponent, the sign; then 6 bytes
/// unused.
struct Extended {
    std::uint64_t mantissa;
    std::uint64_t rest;
};

double valueOf(Extended number) {
    const auto exponent = static_cast<int>(number.rest & 0x7FFFU);
    constexpr int kSpecial = 0x7FFF, kBias = 16383, kMantissaBits = 63;
    const double sign = (number.rest & 0x8000U) != 0 ? -1 : 1;
    if (exponent == kSpecial)
        return number.mantissa << 1U != 0 ? std::numeric_limits<double>::quiet_NaN()
                                          : sign * std::numeric_limits<double>::infinity();
    return sign *
           std::ldexp(static_cast<double>(number.mantissa), std::max(exponent, 1) - kBias - kMantissaBits);
}

template <class Value>
double valueOf(Value value) {
    return static_cast<double>(value);
}

template <class Stored>
void decode(bool swapped, const char* bytes, std::span<double> values) {
    for (double& value : values) {
        std::array<char, sizeof(Stored)> raw{};
        std::memcpy(raw.data(), bytes, raw.size());
        bytes += raw.size();
        if (swapped)
            std::ranges::reverse(raw);
        value = valueOf(std::bit_cast<Stored>(raw));
    }
}

template <class One, class Two, class Four, class Eight>
void decodeWhole(std::size_t width, bool swapped, const char* bytes, std::span<double> values) {
    switch (width) {
    case 1:
        return decode<One>(false, bytes, values);
    case 2:
        return decode<Two>(swapped, bytes, values);
    case 4:
        return decode<Four>(swapped, bytes, values);
    default:
        return decode<Eight>(swapped, bytes, values);
    }
}

} // namespace

void decodeNumbers(const NumberType& type, const char* bytes, std::span<double> values) {
    static_assert(std::endian::native == std::endian::little);
    const bool swapped = type.bigEndian;
    switch (type.kind) {
    case NumberKind::Bool:
        decode<std::uint8_t>(false, bytes, values);
        for (double& value : values)
            value = value != 0 ? 1 : 0;
        return;
    case NumberKind::Signed:
        return decodeWhole<std::int8_t, std::int16_t, std::int32_t, std::int64_t>(type.bytes, swapped, bytes,
                                                                                  values);
    case NumberKind::Unsigned:
        return decodeWhole<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>(type.bytes, swapped,
                                                                                      bytes, values);
    case NumberKind::Float:
        if (type.bytes == sizeof(Half))
            decode<Half>(swapped, bytes, values);
        else if (type.bytes == sizeof(float))
            decode<float>(swapped, bytes, values);
        else if (type.bytes == sizeof(double))
            decode<double>(swapped, bytes, values);
        else
            decode<Extended>(swapped, bytes, values);
    }
}

} // namespace zipml
