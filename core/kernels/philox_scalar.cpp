#include "core/kernels/round_kernels.h"

#include <Random123/philox.h>

namespace zipml {

void fillWordsScalar(const PhiloxCounter& counter, std::uint32_t* words, std::size_t count) {
    const r123::Philox4x32::key_type key{
        {static_cast<std::uint32_t>(counter.key), static_cast<std::uint32_t>(counter.key >> 32)}};
    r123::Philox4x32::ctr_type at{{counter.row, counter.block, counter.epoch, counter.use}};
    for (std::size_t begin = 0; begin < count; begin += 4, ++at[1]) {
        const auto drawn = r123::Philox4x32{}(at, key);
        for (std::size_t i = 0; i < 4 && begin + i < count; ++i)
            words[begin + i] = drawn[i];
    }
}

} // namespace zipml
