#include "core/base/shuffle.h"

#include <numeric>
#include <utility>

namespace zipml {

std::vector<std::uint32_t> shuffledIndices(std::size_t count, std::uint64_t seed, Purpose purpose,
                                           std::uint32_t epoch) {
    const RandomStream stream(seed, purpose, epoch);
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    RandomWords words{};
    std::size_t drawn = 0;
    for (std::size_t i = count; i > 1; --i, ++drawn) {
        if (drawn % 4 == 0)
            words = stream.words(0, static_cast<std::uint32_t>(drawn / 4));
        // A word times i / 2^32: uniform to within i / 2^32, far below what a shuffle could show.
        const auto pick = static_cast<std::size_t>((std::uint64_t{words[drawn % 4]} * i) >> 32);
        std::swap(order[i - 1], order[pick]);
    }
    return order;
}

} // namespace zipml
