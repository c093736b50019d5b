#include "core/tomography/image.h"

#include <algorithm>
#include <cmath>

namespace zipml {

ValueRange rangeOf(const Image& image) {
    const auto [low, high] = std::ranges::minmax(image.pixels);
    return {low, high};
}

ImageError errorOf(const Image& image, const Image& truth) {
    double squared = 0, norm = 0;
    for (std::size_t i = 0; i < truth.pixels.size(); ++i) {
        const double difference = double{image.pixels[i]} - double{truth.pixels[i]};
        squared += difference * difference;
        norm += double{truth.pixels[i]} * double{truth.pixels[i]};
    }
    const auto [low, high] = rangeOf(truth);
    const double peak = double{high} - double{low};
    const double mean = squared / static_cast<double>(truth.pixels.size());
    return {std::sqrt(squared / norm), 10 * std::log10(peak * peak / mean)};
}

std::string toPgm(const Image& image, ValueRange range) {
    std::string file = "P5\n" + std::to_string(image.size) + " " + std::to_string(image.size) + "\n255\n";
    for (const float pixel : image.pixels) {
        const float share = std::clamp((pixel - range.low) / (range.high - range.low), 0.0F, 1.0F);
        file += static_cast<char>(static_cast<unsigned char>(std::lround(share * 255)));
    }
    return file;
}

} // namespace zipml
