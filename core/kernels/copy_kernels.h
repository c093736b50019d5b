#pragma once
/// The loops that take packed codes (core/quant/tile_layout.h draws the tiles) apart into bytes: one byte a
/// value, in lines of 4 features of 16 rows, byte 4 r + j of line l being feature 4 l + j of row r. That is
/// how a part of 8 bits lies, so that its kernels (tile_kernels.h) work on what is made here. Everything is
/// an integer: all instruction sets give the same bytes. column_kernels.h multiplies them.

#include "core/kernels/isa.h"

#include <cstddef>
#include <cstdint>

namespace zipml {

/// One part of every code of a tile, as TilePart.
struct PackedPart {
    int width;         ///< 8, 4, 2 or 1 bits
    std::size_t lines; ///< whole lines; what follows them is the tail
    std::size_t features;
};

/// How a code of k roundings is divided, and which of them are the upper ones (core/quant/copy_choice.h).
struct CopyTables {
    int copies; ///< k, 3 at least
    int mostCode;
    const unsigned char* lower; ///< 256 entries: code div k
    const unsigned char* ups;   ///< and code mod k
    const unsigned char* first; ///< 16 entries: of so many upper ones, where the choices begin
    const unsigned char* count; ///< and how many they are
    const unsigned char* sets;  ///< 256 entries: the choices, bit i is copy i
};

/// Codes of more than 8 bits: the bytes of their parts, and where those stand in the code.
struct JoinedParts {
    static constexpr int kMost = 6;
    const unsigned char* bytes[kMost];
    int shift[kMost];
    int count, copies;
};

/// Levels of 4 features of at most 4 bits: entry 16 j + l of table p is byte p of level l of feature j.
constexpr std::size_t kNibbleTable = 64;
constexpr std::size_t kLevelBytes = 3;

struct CopyKernels {
    /// Bytes of a part's codes, times 2^left; together they fit a byte. @param part of a tile, from its
    /// first line @param adds to what is there already @param bytes of all lines
    void (*unpack)(const PackedPart& part, const unsigned char* tile, int left, bool adds,
                   unsigned char* bytes);
    /// Codes to lower levels, in place, and how many roundings are above. @param size a multiple of 64
    void (*divide)(const CopyTables& tables, std::size_t size, unsigned char* codes, unsigned char* ups);
    /// How many roundings are above becomes which of them. @param own draws, one a byte @param shared 4 a
    /// line
    void (*choose)(const CopyTables& tables, std::size_t lines, const unsigned char* own,
                   const unsigned char* shared, unsigned char* ups);
    /// How many of two roundings are above becomes which of them. @param heads 0 or 1
    void (*toss)(const unsigned char* heads, std::size_t size, unsigned char* ups);
    /// The index of one copy: low, or the one above.
    void (*raise)(const unsigned char* low, const unsigned char* ups, std::size_t size, int copy,
                  unsigned char* out);
    /// Of two roundings Q1 and Q2, which are low or the one above: sum = Q1 + Q2, sign = 1 + Q1 - Q2.
    void (*meanAndSign)(const unsigned char* low, const unsigned char* ups, std::size_t size,
                        unsigned char* sum, unsigned char* sign);
    /// out = ups (copies - ups)
    void (*spread)(const unsigned char* ups, std::size_t size, int copies, unsigned char* out);
    /// What unpack and divide are to codes of more than 8 bits. @param size a multiple of 64
    void (*join)(const JoinedParts& parts, std::size_t size, unsigned char* low, unsigned char* high,
                 unsigned char* ups);
    /// Indices of Rounding::Interval: the last level becomes the one below and a rounding up; and roundings
    /// up are those of copy 1. @param high of indices of more than 8 bits; or null
    void (*keepInside)(std::uint32_t last, const unsigned char* high, std::size_t size, unsigned char* low,
                       unsigned char* ups);
    /// The bytes of each value's level, for one copy. @param tables 3 a line @param ups which copies are
    /// above @param apart from a plane of bytes to the next
    void (*lookUp)(const unsigned char* tables, std::size_t lines, const unsigned char* low,
                   const unsigned char* ups, int copy, unsigned char* out, std::size_t apart);
};

const CopyKernels& copyKernels(Isa isa);

extern const CopyKernels kCopyScalar;
extern const CopyKernels kCopyAvx2;
extern const CopyKernels kCopyAvx512;

} // namespace zipml
