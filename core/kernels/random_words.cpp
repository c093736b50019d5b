#include "core/kernels/random_words.h"

#include "core/kernels/isa.h"
#include "core/kernels/round_kernels.h"

namespace zipml {

void fillRandomWords(const RandomStream& stream, std::uint32_t row, std::uint32_t firstBlock,
                     std::span<std::uint32_t> words) {
    roundKernels(activeIsa())
        .fillWords({stream.seed(), stream.epoch(), stream.use(), row, firstBlock, 1, words.size()},
                   words.data(), words.size());
}

void fillRandomRows(const RandomStream& stream, std::uint32_t firstRow, std::size_t wordsARow,
                    std::span<std::uint32_t> words) {
    roundKernels(activeIsa())
        .fillWords(
            {stream.seed(), stream.epoch(), stream.use(), firstRow, 0, words.size() / wordsARow, wordsARow},
            words.data(), wordsARow);
}

} // namespace zipml
