#include "core/kernels/round_kernels.h"

#include <Random123/philox.h>

namespace zipml {

void fillWordsScalar(const PhiloxWords& words, std::uint32_t* to, std::size_t stride) {
    const r123::Philox4x32::key_type key{
        {static_cast<std::uint32_t>(words.key), static_cast<std::uint32_t>(words.key >> 32)}};
    for (std::uint32_t row = 0; row < words.rows; ++row, to += stride) {
        r123::Philox4x32::ctr_type counter{{words.row + row, words.block, words.epoch, words.use}};
        for (std::size_t begin = 0; begin < words.count; begin += 4, ++counter[1]) {
            const auto drawn = r123::Philox4x32{}(counter, key);
            for (std::size_t i = 0; i < 4 && begin + i < words.count; ++i)
                to[begin + i] = drawn[i];
        }
    }
}

} // namespace zipml
