#include "core/quant/tile_layout.h"

#include <algorithm>

namespace zipml {
namespace {

/// Where a part's code of a feature lies: a field of a byte (one byte a row), or planes of 16 bits.
struct Place {
    std::size_t offset; ///< from the part's begin: of row 0's byte, or of the first plane
    std::size_t rowStride;
    unsigned shift;
    bool planes;
};

Place placeOf(const TilePart& part, std::size_t features, std::size_t feature) {
    const std::size_t lineFeatures = part.lineFeatures();
    const std::size_t line = feature / lineFeatures;
    const auto width = static_cast<std::size_t>(part.width);
    if (line < part.lines) {
        const std::size_t slot = feature % lineFeatures;
        return {line * kLineBytes + slot % 4, 4, static_cast<unsigned>(slot / 4 * width), false};
    }
    const std::size_t index = feature - part.lines * lineFeatures;
    const std::size_t columns = (features - part.lines * lineFeatures) / part.fields();
    const std::size_t tail = part.lines * kLineBytes;
    const std::size_t column = index / part.fields();
    if (column < columns)
        return {tail + column * kTileRows, 1, static_cast<unsigned>(index % part.fields() * width), false};
    return {tail + columns * kTileRows + (index - columns * part.fields()) * 2 * width, 0, 0, true};
}

std::uint32_t read(const TilePart& part, const Place& place, const unsigned char* begin, std::size_t row) {
    const unsigned char* at = begin + place.offset;
    if (!place.planes)
        return (static_cast<std::uint32_t>(at[row * place.rowStride]) >> place.shift) &
               ((1U << static_cast<unsigned>(part.width)) - 1U);
    std::uint32_t code = 0;
    for (int plane = 0; plane < part.width; ++plane)
        code |= ((static_cast<std::uint32_t>(at[2 * plane + (row >= 8 ? 1 : 0)]) >> (row % 8)) & 1U)
                << static_cast<unsigned>(plane);
    return code;
}

/// One part of a feature's codes, into bits that are 0. @param codes of row 0; the next rows' follow every
/// `stride`
void write(const TilePart& part, const Place& place, const std::uint32_t* codes, std::size_t stride,
           unsigned char* begin) {
    const auto width = static_cast<unsigned>(part.width), low = static_cast<unsigned>(part.shift);
    unsigned char* at = begin + place.offset;
    if (place.planes) {
        for (unsigned plane = 0; plane < width; ++plane, at += 2) {
            std::uint32_t rows = 0;
            for (unsigned row = 0; row < kTileRows; ++row)
                rows |= ((codes[row * stride] >> (low + plane)) & 1U) << row;
            at[0] = static_cast<unsigned char>(rows);
            at[1] = static_cast<unsigned char>(rows >> 8U);
        }
        return;
    }
    const std::uint32_t mask = (1U << width) - 1U;
    const std::size_t rowStride = place.rowStride;
    const unsigned shift = place.shift;
    for (std::size_t row = 0; row < kTileRows; ++row)
        at[row * rowStride] |= static_cast<unsigned char>(((codes[row * stride] >> low) & mask) << shift);
}

} // namespace

std::size_t TilePart::slot(std::size_t feature) const {
    const std::size_t line = feature / lineFeatures();
    if (line < lines)
        return feature;
    const std::size_t index = feature - lines * lineFeatures();
    return lines * lineFeatures() + 4 * (index % fields()) + index / fields();
}

TileLayout::TileLayout(std::size_t features, int bits, bool lowestApart) : features_(features), bits_(bits) {
    std::size_t offset = 0;
    for (int left = bits; left > 0;) {
        const int room = lowestApart && left > 1 ? left - 1 : left;
        int width = 8;
        while (width > room)
            width /= 2;
        left -= width;
        TilePart part{width, left, offset, 0};
        part.lines = features / part.lineFeatures();
        parts_.push_back(part);
        offset += kTileRows / 8 * features * static_cast<std::size_t>(width);
    }
}

void TileLayout::unpackRow(const unsigned char* tile, std::size_t row, std::uint32_t* codes) const {
    std::fill_n(codes, features_, 0U);
    for (const TilePart& part : parts_) {
        const auto width = static_cast<unsigned>(part.width);
        const std::uint32_t mask = (1U << width) - 1U;
        const auto shift = static_cast<unsigned>(part.shift);
        const unsigned char* begin = tile + part.offset;
        std::size_t feature = 0;
        for (std::size_t line = 0; line < part.lines; ++line) {
            const unsigned char* word = begin + line * kLineBytes + 4 * row;
            for (unsigned field = 0; field < 8; field += width)
                for (std::size_t byte = 0; byte < 4; ++byte, ++feature)
                    codes[feature] |= ((static_cast<std::uint32_t>(word[byte]) >> field) & mask) << shift;
        }
        for (; feature < features_; ++feature)
            codes[feature] |= read(part, placeOf(part, features_, feature), begin, row) << shift;
    }
}

std::uint32_t TileLayout::code(const unsigned char* tile, std::size_t row, std::size_t feature) const {
    std::uint32_t code = 0;
    for (const TilePart& part : parts_)
        code |= read(part, placeOf(part, features_, feature), tile + part.offset, row)
                << static_cast<unsigned>(part.shift);
    return code;
}

void TileLayout::packTile(const std::uint32_t* codes, unsigned char* tile) const {
    std::fill_n(tile, tileBytes(), static_cast<unsigned char>(0));
    for (const TilePart& part : parts_)
        for (std::size_t feature = 0; feature < features_; ++feature)
            write(part, placeOf(part, features_, feature), codes + feature, features_, tile + part.offset);
}

void TileLayout::packTail(const std::uint32_t* codes, std::size_t stride, std::size_t first,
                          unsigned char* tile) const {
    for (const TilePart& part : parts_) {
        const std::size_t tail = part.lines * part.lineFeatures();
        std::fill(tile + part.offset + part.lines * kLineBytes,
                  tile + part.offset + kTileRows / 8 * features_ * static_cast<std::size_t>(part.width),
                  static_cast<unsigned char>(0));
        for (std::size_t feature = tail; feature < features_; ++feature)
            write(part, placeOf(part, features_, feature), codes + feature - first, stride,
                  tile + part.offset);
    }
}

} // namespace zipml
