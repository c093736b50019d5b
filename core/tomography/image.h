#pragma once
/// A square grey image, and how far one is from another.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace zipml {

struct Image {
    int size = 0;              ///< pixels a side
    std::vector<float> pixels; ///< row by row from the top, each from the left

    [[nodiscard]] float at(int row, int column) const {
        return pixels[static_cast<std::size_t>(row) * static_cast<std::size_t>(size) +
                      static_cast<std::size_t>(column)];
    }
};

struct ValueRange {
    float low = 0, high = 1;
};
ValueRange rangeOf(const Image& image);

struct ImageError {
    double relative = 0; ///< |x - truth| / |truth|, Euclidean
    double psnr = 0;     ///< 10 log10(peak^2 / mean squared error) in dB, peak: the truth's range
};
ImageError errorOf(const Image& image, const Image& truth);

/// A binary PGM file (8 bits a pixel): `range.low` is black, `range.high` white.
std::string toPgm(const Image& image, ValueRange range);

} // namespace zipml
