#pragma once
/// How packed codes lie in memory and in a .zq file, made for the kernels (core/kernels).
///
/// 16 rows are a tile; tiles follow one another without a gap. A code of B bits is cut into parts of 8, 4, 2
/// or 1 bits, the most significant first (5 = 4 + 1), and a tile holds one part after the other. A part of w
/// bits puts m = 8 / w codes into a byte and 4 m features of all 16 rows into a line of 64 bytes:
///
///            byte 0      1         2         3           m = 2 (w = 4): features of the line at f
///   row 0  | f   f+4 | f+1 f+5 | f+2 f+6 | f+3 f+7 |     one 32-bit word a row: a multiply-add of 4 bytes
///   row 1  | f   f+4 | f+1 f+5 | f+2 f+6 | f+3 f+7 |     (VNNI) adds up 4 features of a row, and after
///    ...                                                 a byte shuffle within 4 x 4 blocks 4 rows of a
///   row 15 | f   f+4 | f+1 f+5 | f+2 f+6 | f+3 f+7 |     feature: the dot product and the gradient
///
/// Byte j, field i (bits [i w, i w + w)) is feature f + 4 i + j, so that masking one field leaves 4
/// neighbouring features in every word. The features left over by whole lines fill bytes of their own: a
/// column of 16 bytes (one a row) for every m of them, and for the rest w planes of 16 bits (bit r is row r)
/// a feature. Hence nothing is padded: a tile takes exactly 2 B features bytes. The last tile's missing rows
/// have the code 0.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace zipml {

constexpr std::size_t kTileRows = 16;
constexpr std::size_t kLineBytes = 64;

/// One part of every code of a tile: bits [shift, shift + width) of the code.
struct TilePart {
    int width;          ///< 8, 4, 2 or 1 bits
    int shift;          ///< of its bits in the code
    std::size_t offset; ///< bytes from the tile's begin
    std::size_t lines;  ///< whole lines; what follows them is the tail

    /// Codes in a byte.
    [[nodiscard]] std::size_t fields() const { return 8U / static_cast<std::size_t>(width); }
    [[nodiscard]] std::size_t lineFeatures() const { return 4 * fields(); }
    /// Where the kernels keep a feature: line by line, the tail as one more line that is not full.
    /// Field i of byte j is slot 4 i + j of its line.
    [[nodiscard]] std::size_t slot(std::size_t feature) const;
};

class TileLayout {
  public:
    TileLayout() = default;
    /// @param bits of a code, 1..19
    /// @param lowestApart the lowest bit is a part of its own: of the sum of two roundings it tells whether
    /// they differ
    TileLayout(std::size_t features, int bits, bool lowestApart = false);

    [[nodiscard]] std::size_t features() const { return features_; }
    [[nodiscard]] int bits() const { return bits_; }
    [[nodiscard]] std::span<const TilePart> parts() const { return parts_; }
    [[nodiscard]] std::size_t tileBytes() const {
        return kTileRows / 8 * features_ * static_cast<std::size_t>(bits_);
    }
    static std::size_t tilesOf(std::size_t rows) { return (rows + kTileRows - 1) / kTileRows; }

    /// The codes of one row of a tile. @param codes one a feature
    void unpackRow(const unsigned char* tile, std::size_t row, std::uint32_t* codes) const;
    [[nodiscard]] std::uint32_t code(const unsigned char* tile, std::size_t row, std::size_t feature) const;
    /// Packs 16 rows of codes: the reference for every packer. @param codes 16 * features, row-major
    void packTile(const std::uint32_t* codes, unsigned char* tile) const;
    /// Packs what whole lines leave over, for packers of whole lines: at most the last features() % 32
    /// features.
    /// @param codes row r, feature f at codes[r * stride + f - first]
    void packTail(const std::uint32_t* codes, std::size_t stride, std::size_t first,
                  unsigned char* tile) const;

  private:
    std::size_t features_ = 0;
    int bits_ = 0;
    std::vector<TilePart> parts_;
};

} // namespace zipml
