#include "core/quant/copy_choice.h"

#include "core/base/random.h"
#include "core/kernels/random_words.h"

#include <bit>

namespace zipml {

CopyChoice::CopyChoice(int copies) : copies_(copies) {
    const auto all = static_cast<unsigned>(copies);
    for (unsigned code = 0; code < lower_.size(); ++code) {
        lower_[code] = static_cast<unsigned char>(code / all);
        ups_[code] = static_cast<unsigned char>(code % all);
    }
    unsigned at = 0;
    for (unsigned ups = 0; ups < all; ++ups) {
        first_[ups] = static_cast<unsigned char>(at);
        for (unsigned set = 0; set < 1U << all; ++set)
            if (static_cast<unsigned>(std::popcount(set)) == ups)
                sets_[at++] = static_cast<unsigned char>(set);
        count_[ups] = static_cast<unsigned char>(at - first_[ups]);
    }
}

void ChoiceDraws::fill(const RandomStream& coins, std::size_t tile, std::span<std::uint32_t> to) const {
    fillRandomWords(coins, static_cast<std::uint32_t>(tile), 0, to.first(words()));
}

const CopyChoice& copyChoiceOf(int copies) {
    static const std::array<CopyChoice, 6> all{CopyChoice(3), CopyChoice(4), CopyChoice(5),
                                               CopyChoice(6), CopyChoice(7), CopyChoice(8)};
    return all.at(static_cast<std::size_t>(copies - 3));
}

} // namespace zipml
