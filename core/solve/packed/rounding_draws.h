#pragma once
/// Draws for rounding to integers at random: 16 bits a value, two of them a random word.

#include "core/kernels/random_words.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

namespace zipml {

/// @param index row of the stream @param begin a multiple of 8 @param draws of all columns
inline void fillDraws(const RandomStream& stream, std::uint32_t index, std::size_t begin, std::size_t end,
                      std::vector<std::uint16_t>& draws) {
    std::uint32_t words[1024];
    for (; begin < end; begin += 2 * std::size(words)) {
        const std::size_t count = std::min(2 * std::size(words), end - begin);
        fillRandomWords(stream, index, static_cast<std::uint32_t>(begin / 8),
                        std::span(words).first((count + 1) / 2));
        std::memcpy(draws.data() + begin, words, count * sizeof(std::uint16_t));
    }
}

/// The draws of rows that are asked for one after the other, made many short rows at a time: a call for each
/// would take longer than its draws. So they are not those of fillDraws: `rows` rows lie in one of the
/// stream's.
class DrawsAhead {
  public:
    /// @param columns draws of a row
    explicit DrawsAhead(std::size_t columns)
        : wordsARow_((columns + 15) / 16 * 8),
          rows_(std::clamp<std::size_t>(kWords / wordsARow_, 1, kMostRows)), words_(rows_ * wordsARow_),
          draws_(2 * words_.size()) {}

    /// Up to a multiple of 16 of them; until the next call.
    const std::uint16_t* of(const RandomStream& stream, std::uint32_t row) {
        const auto rows = static_cast<std::uint32_t>(rows_);
        if (row / rows != block_ || epoch_ != stream.epoch() || seed_ != stream.seed() ||
            use_ != stream.use()) {
            block_ = row / rows;
            epoch_ = stream.epoch();
            seed_ = stream.seed();
            use_ = stream.use();
            fillRandomWords(stream, block_, 0, words_);
            std::memcpy(draws_.data(), words_.data(), words_.size() * sizeof words_[0]);
        }
        return draws_.data() + 2 * wordsARow_ * (row % rows);
    }

  private:
    static constexpr std::size_t kWords = 4096, kMostRows = 64;

    std::size_t wordsARow_, rows_;
    std::vector<std::uint32_t> words_;
    std::vector<std::uint16_t> draws_; ///< the same, two a word
    std::uint64_t seed_ = 0;
    std::uint32_t block_ = 0, epoch_ = 0, use_ = 0; ///< no stream's use is 0
};

/// 0 where nothing is to be rounded.
inline double inverse(double unit) {
    return unit > 0 ? 1 / unit : 0;
}

} // namespace zipml
