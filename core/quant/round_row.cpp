#include "core/quant/round_row.h"

namespace zipml {

void roundRow(std::span<const float> row, std::span<const Grid> grids, Rounding rounding,
              const RandomStream& stream, std::uint32_t rowIndex, std::span<std::uint32_t> indices) {
    constexpr double kWords = 4294967296.0; // 2^32: u < fraction exactly when word < fraction * 2^32
    RandomWords words{};
    for (std::size_t f = 0; f < row.size(); ++f) {
        const auto [index, fraction] = grids[f].locate(row[f]);
        bool up = fraction >= 0.5;
        if (rounding == Rounding::Stochastic) {
            if (f % 4 == 0)
                words = stream.words(rowIndex, static_cast<std::uint32_t>(f / 4));
            up = words[f % 4] < fraction * kWords;
        }
        indices[f] = index + (up ? 1U : 0U);
    }
}

} // namespace zipml
