#include "core/data/deal.h"

#include "core/base/shuffle.h"

namespace zipml {

std::vector<std::uint32_t> dealtOrder(std::size_t rows, std::uint32_t block) {
    constexpr std::uint64_t kSeed = 1;
    return shuffledIndices(rows, kSeed, Purpose::Shuffle, block);
}

} // namespace zipml
