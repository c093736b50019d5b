#pragma once
/// Rows that one thread has read from one block of a file, with all that has to be known of them before they
/// are joined with those of other blocks.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zipml {

/// A value that a sparse row has.
struct SparseValue {
    std::uint32_t index; ///< as the file counts
    float value;
};

/// What is wrong with a line, for a message "FILE:LINE: text".
struct BadLine {
    std::size_t number = 0; ///< in the block, from 1; 0: the message is about the file
    std::string text;
};

/// The range of a feature's values, as floats, and whether narrowing them to floats may have merged some.
struct FeatureRange {
    float low = std::numeric_limits<float>::infinity();
    float high = -std::numeric_limits<float>::infinity();
    bool inexact = false; ///< far from zero beside their range, and not all whole and below 2^24

    void join(const FeatureRange& other);
    /// Whether the values lie so far from zero that a float loses four bits of them or more.
    [[nodiscard]] bool far(float ratio = 16) const;
};

/// The rows of a block up to its end or its first bad line; dense ones or sparse ones. Behind those that have
/// a label, parts of the bad line may follow.
struct ParsedRows {
    std::vector<double> labels;         ///< one a row, without the offset; NaN: missing
    std::vector<float> weights;         ///< one a row, or empty
    std::vector<float> values;          ///< of dense rows, one row behind the other; NaN: missing
    std::vector<SparseValue> entries;   ///< of sparse rows, likewise
    std::vector<std::size_t> ends;      ///< of each sparse row in `entries`
    std::size_t width = 0;              ///< one more than the greatest index
    std::size_t dropped = 0;            ///< entries of sparse rows beyond the plan's width
    bool zeroIndex = false;             ///< an index 0 was seen
    std::vector<FeatureRange> ranges;   ///< by feature; of sparse rows by index, or empty where they are wide
    std::vector<std::uint32_t> present; ///< values, likewise, of sparse rows
    std::size_t lines = 0;
    std::optional<BadLine> bad;

    [[nodiscard]] std::size_t rows() const { return labels.size(); }
    /// Keeps the room for the next block.
    void clear();
    /// Fills `ranges` from the rows of a block. @param features of dense rows
    void measure(std::size_t features);
    void measureSparse();
};

} // namespace zipml
