#pragma once
/// A uniformly random choice of the rows that pass by, bounded in memory: what levels are placed by where a
/// file is larger than memory.

#include "core/base/random.h"
#include "core/data/dataset.h"

#include <utility>

namespace zipml {

class RowSample {
  public:
    RowSample(std::size_t mostRows, std::size_t mostValues, std::uint64_t seed)
        : mostRows_(mostRows), mostValues_(mostValues), draws_(seed, Purpose::LevelRows) {}

    /// The next rows. Widths may grow from call to call: values not yet seen were 0.
    void add(std::span<const float> values, std::size_t rows, std::size_t features);
    /// Rows and features; in the file's order where all rows are kept.
    Dataset take();

  private:
    using Entry = std::pair<std::uint64_t, std::size_t>; ///< a row's draw, and where its values are

    [[nodiscard]] std::size_t capacity() const;
    void widen(std::size_t features);

    std::size_t mostRows_, mostValues_;
    RandomStream draws_;
    std::uint64_t seen_ = 0;
    std::size_t features_ = 0;
    std::vector<Entry> kept_; ///< the rows of the smallest draws; a heap with the largest of them first
    std::vector<float> values_;
};

} // namespace zipml
